import { z } from 'zod';
import { KEY_BYTES, openSecret, sealSecret, type Envelope, type SecretOwner, type WrappingKey } from './envelope.ts';

/** A key id stands inside the authenticated text between bars. */
const KeyId = z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/);
const KeyRingFile = z.object({ primary: KeyId, keys: z.record(KeyId, z.base64()) });

const FORM = '{"primary":"k1","keys":{"k1":"<base64 of 32 bytes>"}}';

/** Why a stored secret cannot be read: its key is not on the ring any more, or the row is not what was sealed. */
export type Unreadable = 'key_lost' | 'tampered';

/** The keys that wrap data keys: new secrets under the primary one, old ones under whichever they were sealed with. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #primary: WrappingKey;

  private constructor(keys: ReadonlyMap<string, Buffer>, primary: WrappingKey) {
    this.#keys = keys;
    this.#primary = primary;
  }

  /** Throws an Error that says what is wrong without repeating any of the text. */
  static parse(text: string): KeyRing {
    const { primary, keys } = readFile(text);
    const decoded = new Map(Object.entries(keys).map(([keyId, key]) => [keyId, Buffer.from(key, 'base64')]));
    for (const [keyId, bytes] of decoded) {
      if (bytes.length === KEY_BYTES) continue;
      throw new Error(`the key ${keyId} has ${bytes.length} bytes; it must be the base64 of ${KEY_BYTES} random bytes`);
    }
    const bytes = decoded.get(primary);
    if (!bytes) throw new Error(`the primary key ${primary} is not among the keys`);
    return new KeyRing(decoded, { keyId: primary, bytes });
  }

  seal(owner: SecretOwner, secret: string): Envelope {
    return sealSecret(owner, secret, this.#primary);
  }

  open(owner: SecretOwner, envelope: Envelope): { secret: string } | { unreadable: Unreadable } {
    const bytes = this.#keys.get(envelope.keyId);
    if (!bytes) return { unreadable: 'key_lost' };
    const secret = openSecret(owner, envelope, { keyId: envelope.keyId, bytes });
    return secret === null ? { unreadable: 'tampered' } : { secret };
  }
}

function readFile(text: string): z.output<typeof KeyRingFile> {
  const parsed = KeyRingFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`is not a key ring; it must look like ${FORM}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON.parse quotes the text in its message, and the text is a secret.
  }
}
