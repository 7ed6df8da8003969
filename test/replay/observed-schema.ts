import { isRecord } from './canonical-json.ts';
import type { ObjectSchema, ScalarType, ValueSchema } from './conversation.ts';

/** The narrowest object schema that all recorded values fit: types as seen, required = present in every one. */
export function observedObject(values: Record<string, unknown>[]): ObjectSchema {
  const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
  const seen = (name: string) => values.filter((value) => name in value).map((value) => value[name]);
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, observedValue(seen(name))])),
    required: names.filter((name) => values.every((value) => name in value)),
    additionalProperties: false,
  };
}

function observedValue(values: unknown[]): ValueSchema {
  if (values.every(isRecord)) return observedObject(values);
  if (values.every((value) => Array.isArray(value))) {
    const items = values.flat();
    return items.length === 0 ? { type: 'array' } : { type: 'array', items: observedValue(items) };
  }
  const types = [...new Set(values.map(scalarType))];
  const [only] = types;
  return { type: types.length === 1 && only ? only : types };
}

function scalarType(value: unknown): ScalarType {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'string') return 'string';
  throw new Error('objects, lists and scalars are mixed in one argument; the schema of the tool cannot be told');
}
