import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { storableJson } from '@patchbay/service-kit/database/storable-json';

/** RFC 8785: equal values have equal text, whatever the order of their names. What PostgreSQL cannot store counts as what is stored for it. */
export function canonicalText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value) && value.length === 0) return '[]';
  const text = canonicalOrNull(value);
  return text?.includes('\\u') === false ? text : (canonicalize(JSON.parse(storableJson(value))) ?? 'null');
}

/** Null where the value has half of a surrogate pair, which has no canonical form. */
function canonicalOrNull(value: unknown): string | null {
  try {
    return canonicalize(value) ?? 'null';
  } catch {
    return null;
  }
}

/** SHA-256, in hex. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
