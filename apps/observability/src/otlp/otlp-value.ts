/** Deeper values are cut: a value comes from outside, and converting it recurses. */
const MAX_LEVELS = 8;
const CUT = '[nested deeper than 8 levels]';

/** An OTLP `AnyValue` as plain JSON. An integer that a JSON number cannot hold stays a string, as OTLP writes it. */
export function plainValue(value: unknown, levels = MAX_LEVELS): unknown {
  if (typeof value !== 'object' || value === null) return null;
  const any = value as Record<string, unknown>;
  if (any['stringValue'] !== undefined) return any['stringValue'];
  if (any['intValue'] !== undefined) return plainInteger(any['intValue']);
  if (any['doubleValue'] !== undefined) return any['doubleValue'];
  if (any['boolValue'] !== undefined) return any['boolValue'];
  if (any['bytesValue'] !== undefined) return any['bytesValue'];
  if (any['arrayValue'] !== undefined)
    return levels === 0 ? CUT : listOf(any['arrayValue']).map((one) => plainValue(one, levels - 1));
  if (any['kvlistValue'] !== undefined)
    return levels === 0 ? CUT : plainAttributes(listOf(any['kvlistValue']), levels - 1);
  return null;
}

/** OTLP's list of `{ key, value }` as an object. */
export function plainAttributes(list: unknown[], levels = MAX_LEVELS): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const one of list) {
    const { key, value } = (one ?? {}) as { key?: unknown; value?: unknown };
    // Assigned, this one name would change the object's prototype.
    if (typeof key === 'string' && key !== '__proto__') attributes[key] = plainValue(value, levels);
  }
  return attributes;
}

function plainInteger(value: unknown): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function listOf(value: unknown): unknown[] {
  const { values } = (value ?? {}) as { values?: unknown };
  return Array.isArray(values) ? values : [];
}
