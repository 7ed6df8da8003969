import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run replay -- <folder or file> [--limit N] [--concurrency N] [--json] [--consent] [--explain]

Plays recorded conversations through the running platform, or one that is started for the run.
  --limit N         the first N conversations only
  --concurrency N   conversations at the same time (default 8)
  --consent         writes need the caller's yes: tried before each recorded read-back and after the answer
  --explain         with --consent: every answer that was judged otherwise than recorded, and why
  --json            nothing on standard output but the line of JSON
  PATCHBAY_URL, PATCHBAY_API_KEY   a platform elsewhere, with its operator key`;

export interface Options {
  path: string;
  limit: number;
  concurrency: number;
  json: boolean;
  consent: boolean;
  explain: boolean;
}

/** The command was typed wrongly; the message says how it is meant. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
    this.name = 'UsageError';
  }
}

/** `startedIn` is where the command was typed: npm itself runs it in the root of the repository. */
export function readOptions(argv: string[], startedIn: string): Options {
  const { values, positionals } = parse(argv);
  const [path, ...others] = positionals;
  if (path === undefined) throw new UsageError('Which folder shall be played?');
  if (values.explain && !values.consent) throw new UsageError('--explain tells about --consent; without it there is nothing to tell.');
  if (others.length > 0) throw new UsageError(`One folder at a time; "${others.join(' ')}" is too much.`);
  return {
    path: resolve(startedIn, path),
    limit: readCount('--limit', values.limit ?? String(Number.MAX_SAFE_INTEGER)),
    concurrency: readCount('--concurrency', values.concurrency ?? '8'),
    json: values.json ?? false,
    consent: values.consent ?? false,
    explain: values.explain ?? false,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: { limit: { type: 'string' }, concurrency: { type: 'string' }, json: { type: 'boolean' }, consent: { type: 'boolean' }, explain: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readCount(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new UsageError(`${option} takes a whole number above 0, not "${text}".`);
}
