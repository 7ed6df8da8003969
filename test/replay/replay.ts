import { readOptions, UsageError } from './options.ts';
import type { Options } from './options.ts';
import { UnreadableInput } from './parsed-json.ts';
import { findPlatform } from './platform.ts';
import { Progress } from './progress.ts';
import { readRecording } from './read-recording.ts';
import { run } from './run.ts';
import { describe, explain, isClean, summarize } from './summary.ts';

const EXIT = { clean: 0, findings: 1, misused: 2, stopped: 130 };
/** npm and the terminal may each deliver the same Ctrl-C; one that comes later is meant. */
const SAME_KEYPRESS_MS = 2_000;

async function main(stop: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  const { consent } = options;
  const everything = await readRecording(options.path, { consent });
  const recording = { ...everything, conversations: everything.conversations.slice(0, options.limit) };
  const platform = await findPlatform(process.env, stop);
  const startedAtMs = performance.now();
  try {
    const progress = new Progress(process.stderr, recording.conversations.length);
    const result = await run({ platform, recording, concurrency: options.concurrency, progress, signal: stop, consent });
    if (!result) return reportStop();
    for (const line of explain(result, { allMisjudged: options.explain })) console.error(line);
    const summary = summarize(result);
    const about = { format: recording.format, elapsedMs: performance.now() - startedAtMs, consoleUrl: result.consoleUrl };
    print(options, describe(summary, about), JSON.stringify(summary));
    return isClean(summary) ? EXIT.clean : EXIT.findings;
  } finally {
    await platform.release();
  }
}

function print({ json }: Options, forPeople: string, lastLine: string): void {
  if (!json) console.log(`${forPeople}\n`);
  console.log(lastLine);
}

/** The first Ctrl-C lets the requests under way finish; a second one ends at once. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  let firstAtMs = Number.POSITIVE_INFINITY;
  const onSignal = () => {
    if (performance.now() - firstAtMs > SAME_KEYPRESS_MS) process.exit(EXIT.stopped);
    if (stop.signal.aborted) return;
    firstAtMs = performance.now();
    console.error('\nStopping: the requests under way are finished first.');
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

/** What breaks while everything is being stopped is the stopping, unless it says otherwise. */
function reportStop(error?: unknown): number {
  if (error instanceof Error && error.name !== 'AbortError') console.error(error.message);
  console.error('Stopped before the end: nothing was counted.');
  return EXIT.stopped;
}

function reportFailure(error: unknown): number {
  if (error instanceof UsageError || error instanceof UnreadableInput) {
    console.error(error.message);
    return EXIT.misused;
  }
  console.error(`The replay failed: ${error instanceof Error ? error.message : String(error)}`);
  return EXIT.findings;
}

const stop = stopOnSignal();
process.exitCode = await main(stop).catch((error: unknown) =>
  stop.aborted ? reportStop(error) : reportFailure(error),
);
