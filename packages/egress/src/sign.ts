import { Webhook } from 'standardwebhooks';

export interface SignedHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

const PREFIX = 'whsec_';
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/**
 * Standard Webhooks 1.0 headers for a body. `id` stays the same over retries (the receiver's idempotency key); `timestamp` is the time of
 * this attempt. With two secrets the signature holds both, so that a receiver can change over in its own time.
 *
 * Throws RangeError when `id` is empty or has a dot, or when there are not one or two secrets of the form `whsec_` and 24 to 64 bytes in
 * base64. The message never holds a secret.
 */
export function signedHeaders({
  id,
  timestamp,
  body,
  secrets,
}: {
  id: string;
  timestamp: Date;
  body: string;
  secrets: string[];
}): SignedHeaders {
  // The signed text is `id.timestamp.body`: a dot in the id would let one signature fit two messages.
  if (!/^[\w-]+$/.test(id)) throw new RangeError('a webhook id has letters, digits, "_" and "-" only');
  if (secrets.length < 1 || secrets.length > 2) throw new RangeError('a webhook is signed with one or two secrets');
  secrets.forEach(requireSecret);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, timestamp, body)).join(' '),
  };
}

function requireSecret(secret: string): void {
  const encoded = secret.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  const wellFormed = secret.startsWith(PREFIX) && bytes.toString('base64') === encoded;
  if (!wellFormed || bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) {
    throw new RangeError(
      `a webhook secret is ${PREFIX} and ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes in base64`,
    );
  }
}
