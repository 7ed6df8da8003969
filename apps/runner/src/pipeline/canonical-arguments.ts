import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { storableJson } from '@patchbay/service-kit/database/storable-json';

/** RFC 8785: equal arguments have equal text, whatever the order of their names. Half of a surrogate pair counts as what is stored for it. */
export function canonicalText(value: unknown): string {
  const text = JSON.stringify(value);
  const wellFormed: unknown = text.includes('\\u') ? JSON.parse(storableJson(value)) : value;
  return canonicalize(wellFormed) ?? 'null';
}

/** SHA-256, in hex. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
