import { onStopSignal } from '../../infra/local/stop-signal.ts';
import { CASES } from './cases/all.ts';
import { readOptions, UsageError } from './options.ts';
import { reportText, summaryOf } from './report.ts';
import { runFaults } from './run.ts';

const EXIT = { held: 0, broken: 1, misused: 2, stopped: 130 };

const stop = onStopSignal();
// Of a case that was stopped in the middle, timers may be left.
process.exit(await main().catch(reportFailure));

async function main(): Promise<number> {
  const names = CASES.map(({ name }) => name);
  const { seed, only, list } = readOptions(process.argv.slice(2), names);
  if (list) {
    for (const { name, summary } of CASES) console.log(`${name.padEnd(28)} ${summary}`);
    return EXIT.held;
  }
  const cases = CASES.filter(({ name }) => only?.includes(name) ?? true);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  say(`seed ${seed}`);
  const figures = await runFaults({ cases, seed, env: process.env, signal: stop, say });
  console.log(`\n${reportText({ seed, figures })}\n`);
  console.log(summaryOf({ seed, figures }));
  return figures.every(({ pass }) => pass) ? EXIT.held : EXIT.broken;
}

function reportFailure(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(error.message);
    return EXIT.misused;
  }
  if (stop.aborted) {
    console.error('Stopped before the end: nothing was proven.');
    return EXIT.stopped;
  }
  console.error(`The faults could not be played: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.broken;
}
