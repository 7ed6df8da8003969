import { describe, expect, it } from '@jest/globals';
import { CONCURRENCIES, CONTENDERS } from './contenders/contender.ts';
import { aimsOf, reportText } from './report.ts';
import { summarize, type Measured, type Sample } from './results.ts';

const CIRCUMSTANCES = { cpus: 2, node: '24.0.0', rounds: 1, seconds: 3 };

function everything(over: Partial<Sample> = {}): Sample[] {
  return CONTENDERS.flatMap((contender) =>
    CONCURRENCIES.map((concurrency) => ({
      contender,
      concurrency,
      round: 1,
      p50Ms: 1,
      p99Ms: 2,
      perSecond: 100,
      cpuMsPerCallByPart: null,
      othersShare: null,
      traces: null,
      ...over,
    })),
  );
}

const MEMORY = { calls: 100_000, residentFirstMb: 150, residentLastMb: 156, heldBytesPerCall: 2.5 };

function textOf(samples: Sample[], over: Partial<Measured> = {}): string {
  const measured = { samples, slow: [{ contender: 'patchbayRead' as const, addedP50Ms: 2, addedP99Ms: 40 }], credential: [{ addedP50Ms: 0.04 }], profiles: {}, memory: MEMORY, ...over };
  return reportText(summarize(measured), samples, CIRCUMSTANCES);
}

function nothingBut(samples: Sample[]): Measured {
  return { samples, slow: [], credential: [], profiles: {}, memory: null };
}

describe('the report', () => {
  it('says which aims are not met', () => {
    const text = textOf(everything());
    expect(text).toMatch(/read p50 at 1, against the traced webhook +1\.00 × +≤ 1 × +met/);
    expect(text).toMatch(/read calls\/s at 64, against the traced webhook +1\.00 × +≥ 1\.3 × +not met/);
    expect(text).toMatch(/added p99, provider of 150 ms, 200 in flight +40\.00 ms +≤ 15 ms +not met/);
    expect(text).toMatch(/added p50 by a connection, warm +0\.04 ms +≤ 0\.2 ms +met/);
    expect(text).toContain('Where it stands: 9 of the 11 aims measured are met.');
  });

  it('tells PostgreSQL apart from the CPU time of a contender, and where it goes', () => {
    const cpuMsPerCallByPart = {
      runner: 0.5,
      nats: 0.1,
      observability: 0.2,
      postgres: 0.4,
      webhook: 0.3,
      webhookTraced: 0.6,
    };
    const text = textOf(everything({ cpuMsPerCallByPart }));
    expect(text).toMatch(/Patchbay, read +1\.00 +2\.00 +100 +0\.80 +1\.20/);
    expect(text).toMatch(/webhook, traced +1\.00 +2\.00 +100 +0\.80 +1\.20/);
    expect(text).toContain('runner 0.50, postgres 0.40, observability 0.20, nats 0.10 (ms of CPU)');
  });

  it('says where the time of the runner goes, and leaves out what is next to nothing', () => {
    const shares = [
      { area: 'spans', share: 0.62 },
      { area: 'zod', share: 0.372 },
      { area: 'ajv', share: 0.008 },
    ];
    const text = textOf(everything(), { profiles: { patchbayRead: shares } });
    expect(text).toContain("Where the runner's processor time goes (Patchbay, read, 64 in flight): spans 62 %, zod 37 %.");
  });

  it('says what the memory of the runner did', () => {
    const text = textOf(everything());
    expect(text).toContain('over 100000 calls: resident 150 MB in the first quarter and 156 MB in the last; after a');
    expect(text).toMatch(/resident memory, last quarter over the first +1\.04 × +≤ 1\.1 × +met/);
    const leaking = textOf(everything(), { memory: { ...MEMORY, heldBytesPerCall: 180 } });
    expect(leaking).toMatch(/held after a collection, for each call +180\.00 B +≤ 20 B +not met/);
  });

  it('says how much of the machine others took, because it moves every figure', () => {
    expect(textOf(everything({ othersShare: 0.02 }))).not.toContain('busy machine');
    const text = textOf(everything({ othersShare: 0.31 }));
    expect(text).toContain('Other programs took 31 % of it meanwhile, 31 % at worst.');
    expect(text).toContain('take the figures for a sketch');
  });

  it('says when spans did not arrive: that work was not done', () => {
    const samples = everything({ traces: { looked: 20, complete: 20 } });
    expect(textOf(samples)).not.toContain('Not fully traced');
    samples.at(-1)!.traces = { looked: 20, complete: 13 };
    expect(textOf(samples)).toContain('Patchbay, write 7 of 60');
  });

  it('calls nothing met that was not measured', () => {
    const samples = everything().filter(({ contender }) => contender === 'direct');
    const text = reportText(summarize(nothingBut(samples)), samples, CIRCUMSTANCES);
    expect(text).toContain('not measured');
    expect(text).toContain('Where it stands: nothing that has an aim was measured.');
  });
});

describe('aimsOf', () => {
  it('has no bound against the bare webhook for what is a matter of two commits', () => {
    const result = summarize(nothingBut(everything()));
    expect(
      aimsOf(result)
        .filter(({ what }) => what.includes('bare'))
        .map(({ what }) => what),
    ).toEqual(['read p50 at 1, against the bare webhook', 'read calls/s at 64, against the bare webhook']);
  });
});
