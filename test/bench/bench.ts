import { availableParallelism } from 'node:os';
import { onStopSignal } from '../../infra/local/stop-signal.ts';
import { readOptions, UsageError } from './options.ts';
import { reportText } from './report.ts';
import { summarize } from './results.ts';
import { runBench } from './run.ts';

const EXIT = { measured: 0, failed: 1, misused: 2, stopped: 130 };

const stop = onStopSignal();
process.exitCode = await main().catch(reportFailure);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const run = await runBench(options, process.env, stop, (text) => process.stderr.write(`${text}\n`));
  const result = summarize(run);
  const circumstances = { ...options, cpus: availableParallelism(), node: process.versions.node };
  if (!options.json) console.log(`\n${reportText(result, run.samples, circumstances)}\n`);
  console.log(JSON.stringify(result));
  return EXIT.measured;
}

function reportFailure(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(error.message);
    return EXIT.misused;
  }
  if (stop.aborted) {
    console.error('Stopped before the end: nothing was measured.');
    return EXIT.stopped;
  }
  console.error(
    `The bench failed, and there are no figures: ${error instanceof Error ? error.message : String(error)}`,
  );
  return EXIT.failed;
}
