import { PlacementError } from './placement-error.ts';

/** A scalar as text; `undefined` for everything else. Throws PlacementError for NaN and the infinities. */
export function scalarText(name: string, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return undefined;
  if (!Number.isFinite(value)) throw new PlacementError(name, 'is not a finite number');
  return String(value);
}

/** The texts that a query or a form repeats a name with: one for a scalar, one each for an array of scalars, else JSON. */
export function repeatedTexts(name: string, value: unknown): string[] {
  const text = scalarText(name, value);
  if (text !== undefined) return [text];
  if (!Array.isArray(value)) return [argumentJson(name, value)];
  const texts = value.map((item) => scalarText(name, item));
  return texts.every((item) => item !== undefined) ? texts : [argumentJson(name, value)];
}

/** JSON of an argument. Throws PlacementError, with the argument's name, when there is none. */
export function argumentJson(name: string, value: unknown): string {
  try {
    const json: string | undefined = JSON.stringify(value);
    if (json !== undefined) return json;
  } catch (error) {
    throw new PlacementError(name, 'cannot be written as JSON', { cause: error });
  }
  throw new PlacementError(name, 'cannot be written as JSON');
}
