import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brokenPromises } from './check-promises.ts';
import { ALL_SAFEGUARDS, type Safeguards } from './safeguards.ts';
import { schedules, type Schedule } from './schedule.ts';
import { simulate } from './simulate.ts';

const SEED = Number(process.env['PATCHBAY_MODEL_SEED'] ?? 20_261_121);
const SCHEDULES = Number(process.env['PATCHBAY_MODEL_SCHEDULES'] ?? 10_000);

function keeps(safeguards: Safeguards) {
  return fc.property(schedules, (schedule: Schedule) => {
    const broken = brokenPromises(simulate(schedule, safeguards));
    if (broken.length > 0) throw new Error(broken.join('\n'));
  });
}

describe('the promises of the runner', () => {
  it('keeps every promise over 10,000 schedules', () => {
    process.stderr.write(`PATCHBAY_MODEL_SEED=${SEED}\n`);

    fc.assert(keeps(ALL_SAFEGUARDS), { seed: SEED, numRuns: SCHEDULES });
  });
});
