// `npm run canary`: sends secrets that were never seen before through everything there is, and looks for them everywhere afterwards.
import { onStopSignal } from '../../infra/local/stop-signal.ts';
import { readOptions, UsageError } from './options.ts';
import { detailsText, placesText, tableText } from './report.ts';
import { runCanary, type CanaryRun } from './run.ts';
import { runSuite } from './suite.ts';

const EXIT = { clean: 0, found: 1, misused: 2, stopped: 130 };

const stop = onStopSignal();
process.exit(await main().catch(reportFailure));

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  const run: CanaryRun = { options, env: process.env, signal: stop, say };
  const { scanner, canaries, unproven, outcomes, figures } = options.suite ? await runSuite(run) : await runCanary(run);
  console.log(`\n${options.suite ? placesText(scanner) : tableText(scanner, canaries)}\n`);
  if (scanner.hits.length > 0) console.log(`${detailsText(scanner)}\n`);
  if (outcomes) console.log(`calls: ${Object.entries(outcomes).map(([status, count]) => `${count} ${status}`).join(', ')}`);
  for (const problem of unproven) console.log(`nothing is proven: ${problem}`);
  console.log(JSON.stringify({ secrets: canaries.length, places: scanner.places.size, hits: scanner.total, allowed: scanner.allowed, unproven: unproven.length, ...figures }));
  return scanner.total === 0 && unproven.length === 0 ? EXIT.clean : EXIT.found;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
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
  console.error(`The canary could not fly: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.found;
}
