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
}

const USAGE = 'npm run canary [-- --replay <folder with conversations> --faults <case>,<case> --keep]';

export function readOptions(args: string[], from: string): Options {
  try {
    const { values } = parseArgs({ args, options: { replay: { type: 'string' }, faults: { type: 'string' }, keep: { type: 'boolean', default: false } } });
    const { replay, faults, keep } = values;
    return { replay: replay === undefined ? undefined : resolve(from, replay), faults: faults?.split(',') ?? [], keep };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
