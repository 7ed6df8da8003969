import type { ConnectionKind, ConnectionSecret } from '@patchbay/contracts/connection-kinds';

const HINT_CHARACTERS = 4;
/** Below this length four characters would give away too much of the secret. */
const HINTED_FROM_CHARACTERS = 16;

/** What is shown of a secret; nothing of several headers: whose would it be? */
export function hintOf({ secret, headers = {} }: ConnectionSecret): string {
  const values = secret === undefined ? Object.values(headers) : [secret];
  const [only = ''] = values.length === 1 ? values : [];
  return only.length < HINTED_FROM_CHARACTERS ? '' : only.slice(-HINT_CHARACTERS);
}

/** The first release knew these two and stored the bare text; it must be able to read what is stored beside it. */
const STORED_BARE: readonly ConnectionKind[] = ['bearer', 'signing_secret'];

/** The text that is encrypted. */
export function storedSecret(kind: ConnectionKind, { secret, headers }: ConnectionSecret): string {
  return STORED_BARE.includes(kind) ? (secret ?? '') : JSON.stringify({ secret, headers });
}

/** What `storedSecret` made the text of. */
export function secretFrom(kind: ConnectionKind, stored: string): ConnectionSecret {
  return STORED_BARE.includes(kind) ? { secret: stored } : (JSON.parse(stored) as ConnectionSecret);
}
