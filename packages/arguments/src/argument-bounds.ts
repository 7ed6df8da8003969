import type { FieldProblem } from '@patchbay/contracts/errors';

/** No provider's request of ours is nested deeper than 10; checks recurse, and the stack must not decide. */
export const MAX_LEVELS = 32;
/** The largest result a model may read, too. */
export const MAX_BYTES = 64 * 1024;
/** `uniqueItems` compares every item with every other: a thousand take milliseconds, all that fit into 64 KiB take seconds. */
export const MAX_VALUES = 1_000;

/** What makes arguments too large to be checked on a live call; each in at most one step per value. */
export function problemWithSize(args: Record<string, unknown>): FieldProblem | undefined {
  const counted = { values: 0, letters: 0 };
  const levels = measure(args, 1, counted);
  if (levels > MAX_LEVELS) return { path: '', problem: `the arguments are nested deeper than ${MAX_LEVELS} levels` };
  if (counted.values > MAX_VALUES) return { path: '', problem: `the arguments are more than ${MAX_VALUES} values` };
  return isTooLong(args, counted) ? { path: '', problem: `the arguments are longer than ${MAX_BYTES / 1024} KiB` } : undefined;
}

/** JSON writes a character in at most 6 bytes, a value in at most 32 beside its characters: most arguments need no exact count. */
function isTooLong(args: Record<string, unknown>, { values, letters }: { values: number; letters: number }): boolean {
  return letters * 6 + values * 32 > MAX_BYTES && Buffer.byteLength(JSON.stringify(args)) > MAX_BYTES;
}

function measure(value: unknown, level: number, counted: { values: number; letters: number }): number {
  counted.values++;
  if (typeof value === 'string') counted.letters += value.length;
  if (typeof value !== 'object' || value === null) return level - 1;
  if (level > MAX_LEVELS || counted.values > MAX_VALUES) return level;
  let deepest = level;
  for (const key in value) {
    counted.letters += key.length;
    deepest = Math.max(deepest, measure((value as Record<string, unknown>)[key], level + 1, counted));
  }
  return deepest;
}
