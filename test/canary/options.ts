import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export class UsageError extends Error {}

export interface Options {
  /** A folder with recorded conversations. */
  replay: string | undefined;
  /** Names of fault cases. */
  faults: string[];
  /** The data folder stays, for a look into it. */
  keep: boolean;
  /** The repository's tests instead of a platform of our own. */
  suite: boolean;
  /** What the tests are told, e.g. `--filter=@patchbay/runner`. */
  tests: string[];
}

const USAGE = `npm run canary [-- --replay <folder with conversations> --faults <case>,<case> --keep]
npm run canary -- --suite [--keep] [-- --filter=<package> ...]`;

export function readOptions(args: string[], from: string): Options {
  try {
    const no = { type: 'boolean', default: false } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { replay: { type: 'string' }, faults: { type: 'string' }, keep: no, suite: no } });
    const { replay, faults, keep, suite } = values;
    if (suite && (replay !== undefined || faults !== undefined)) throw new Error('--suite goes alone: its tests have platforms of their own.');
    if (!suite && positionals.length > 0) throw new Error(`Only --suite takes "${positionals.join(' ')}".`);
    return { replay: replay === undefined ? undefined : resolve(from, replay), faults: faults?.split(',') ?? [], keep, suite, tests: positionals };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
