import { z } from 'zod';
import { KEY_BYTES } from './aes-gcm.ts';

/** A key id stands inside the authenticated text between bars; `vault:` and `aws:` are other providers'. */
const KeyId = z.string().regex(/^(?!vault:|aws:)[A-Za-z0-9_.:-]{1,100}$/);
const KeyRingText = z.object({ primary: KeyId, keys: z.record(KeyId, z.base64()) });

const FORM = '{"primary":"k1","keys":{"k1":"<base64 of 32 bytes>"}}';

/** Keys of our own that wrap data keys: new ones under the primary, old ones under whichever they were wrapped with. */
export interface KeyRing {
  primary: string;
  keys: ReadonlyMap<string, Buffer>;
}

/** Throws an Error that says what is wrong without repeating any of the text. */
export function parseKeyRing(text: string): KeyRing {
  const parsed = KeyRingText.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`is not a key ring; it must look like ${FORM}`);
  const { primary, keys } = parsed.data;
  const decoded = new Map(Object.entries(keys).map(([keyId, key]) => [keyId, Buffer.from(key, 'base64')]));
  for (const [keyId, bytes] of decoded) {
    if (bytes.length === KEY_BYTES) continue;
    throw new Error(`the key ${keyId} has ${bytes.length} bytes; it must be the base64 of ${KEY_BYTES} random bytes`);
  }
  if (!decoded.has(primary)) throw new Error(`the primary key ${primary} is not among the keys`);
  return { primary, keys: decoded };
}

export function keyRingText({ primary, keys }: KeyRing): string {
  const encoded = [...keys].map(([keyId, bytes]) => [keyId, bytes.toString('base64')]);
  return `${JSON.stringify({ primary, keys: Object.fromEntries(encoded) }, null, 2)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON.parse quotes the text in its message, and the text is a secret.
  }
}
