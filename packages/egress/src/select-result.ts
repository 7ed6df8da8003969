import type { ResponseRules } from '@patchbay/contracts/action';
import { MAX_TEXT_BYTES, truncate } from './clean-text.ts';
import { SECRET, compileMask } from './mask-fields.ts';
import { compilePick } from './pick-fields.ts';
import { compileRename } from './rename-fields.ts';

/** What of a body a model may read; `missing` gets the paths that found nothing. */
export type SelectResult = (body: unknown, missing: Set<string>) => unknown;

/** Compiles `schema` (secrets), `pick` and `rename`, which apply in this order. */
export function compileSelect({
  schema,
  pick,
  rename,
}: Pick<ResponseRules, 'schema' | 'pick' | 'rename'>): SelectResult {
  const steps: SelectResult[] = [];
  if (schema !== undefined) steps.push(compileMask(schema, { 'x-secret': SECRET }));
  if (pick !== undefined) steps.push(compilePick(pick));
  if (rename !== undefined) steps.push(compileRename(rename));
  return (body, missing) => steps.reduce((selected, step) => step(selected, missing), body) ?? null;
}

/** The result, or as much of its text as 64 KiB hold. */
export function cutResult(result: unknown): unknown {
  if (typeof result === 'string') return truncate(result);
  const text = JSON.stringify(result);
  return Buffer.byteLength(text) <= MAX_TEXT_BYTES ? result : truncate(text);
}

/** Whether a result says nothing: null, an empty text, list or object, or one that holds only such. */
export function isEmptyResult(result: unknown): boolean {
  if (typeof result === 'string') return result.trim() === '';
  if (typeof result !== 'object' || result === null) return result === null || result === undefined;
  return Object.values(result).every(isEmptyResult);
}
