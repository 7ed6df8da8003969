import { parseArgs } from 'node:util';
import { CONTENDERS, type ContenderName } from './contenders/contender.ts';

export const USAGE = `npm run bench -- [--rounds N] [--seconds N] [--only a,b] [--calls N] [--json]

Measures one call through Patchbay against the provider called directly and against a webhook written by hand.
  --rounds N    how often each contender is measured at each concurrency (default 3)
  --seconds N   how long each time (default 3)
  --only a,b    only these, the others are null: ${CONTENDERS.join(', ')}
  --calls N     over how many calls the runner's memory is watched (default 100000; 0: not at all)
  --json        nothing on standard output but the line of JSON`;

export interface BenchOptions {
  rounds: number;
  seconds: number;
  contenders: ContenderName[];
  /** Over how many calls memory is watched; 0: not at all. */
  memoryCalls: number;
  json: boolean;
}

/** The command was typed wrongly; the message says how it is meant. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n\n${USAGE}`);
    this.name = 'UsageError';
  }
}

export function readOptions(argv: string[]): BenchOptions {
  const { values } = parse(argv);
  return {
    rounds: readNumber('--rounds', values.rounds ?? '3', { most: 100, whole: true }),
    seconds: readNumber('--seconds', values.seconds ?? '3', { most: 120, whole: false }),
    contenders: readContenders(values.only),
    memoryCalls: values.calls === '0' ? 0 : readNumber('--calls', values.calls ?? '100000', { most: 1_000_000, whole: true }),
    json: values.json ?? false,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string' },
        calls: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readNumber(option: string, text: string, { most, whole }: { most: number; whole: boolean }): number {
  const number = Number(text);
  if (number > 0 && number <= most && (!whole || Number.isInteger(number))) return number;
  throw new UsageError(`${option} takes a ${whole ? 'whole ' : ''}number above 0 and up to ${most}, not "${text}".`);
}

function readContenders(only: string | undefined): ContenderName[] {
  if (only === undefined) return [...CONTENDERS];
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !CONTENDERS.some((known) => known === name));
  if (unknown.length > 0) throw new UsageError(`There is no contender "${unknown.join(', ')}".`);
  return CONTENDERS.filter((known) => names.includes(known));
}
