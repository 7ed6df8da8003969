import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface FaultOptions {
  seed: number;
  /** Names of cases; null for all. */
  only: string[] | null;
  list: boolean;
}

const LARGEST_SEED = 2 ** 32 - 1;

export const USAGE = `npm run faults -- [--only a,b] [--seed N] [--list]

Breaks a platform of its own on purpose, and checks that its promises hold.
  --only a,b   only these cases; a name that ends in * stands for all that begin so
  --seed N     the run with this seed again (0 to ${LARGEST_SEED}; a new one unless given)
  --list       tells the cases and runs nothing`;

/** The command was typed wrongly; the message says how it is meant. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
    this.name = 'UsageError';
  }
}

export function readOptions(argv: string[], cases: readonly string[]): FaultOptions {
  const { values } = parse(argv);
  return { seed: readSeed(values.seed), only: values.only === undefined ? null : readNames(values.only, cases), list: values.list ?? false };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: { only: { type: 'string' }, seed: { type: 'string' }, list: { type: 'boolean' } } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readSeed(text: string | undefined): number {
  if (text === undefined) return randomInt(LARGEST_SEED);
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= LARGEST_SEED) return seed;
  throw new UsageError(`--seed takes a whole number from 0 to ${LARGEST_SEED}, not "${text}".`);
}

function readNames(only: string, cases: readonly string[]): string[] {
  const wanted = only.split(',').map((name) => name.trim());
  const fits = (name: string, pattern: string) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);
  const unknown = wanted.filter((pattern) => !cases.some((name) => fits(name, pattern)));
  if (unknown.length > 0) throw new UsageError(`There is no case "${unknown.join(', ')}". There are: ${cases.join(', ')}.`);
  return cases.filter((name) => wanted.some((pattern) => fits(name, pattern)));
}
