import { Inject, Injectable } from '@nestjs/common';
import { ConnectionSecret } from '@patchbay/contracts/connection-kinds';
import { fieldProblems, ServiceError } from '@patchbay/contracts/errors';
import type { Sealed, SealingPublicKey } from '@patchbay/contracts/sealing';
import { SealingKey } from '@patchbay/service-kit/messaging/sealed';
import type { z } from 'zod';
import { openSecret, sealSecret, type Envelope, type SecretOwner } from './keys/envelope.ts';
import { KEY_PROVIDER, type KeyProvider } from './keys/key-provider.ts';

/** Long enough for a slow request, short enough that a ticket found later is worth nothing. */
const VALID_MS = 60_000;
/** More than gateways ask for in the minute that tickets are good for. */
const MAX_OPENED = 1_000;

interface Ticket {
  expiresAt: number;
  envelope: Envelope;
}

/**
 * Keys for secrets on their way in. The private half travels inside the ticket, encrypted with the keys that only this service has: any
 * process of it can open what was sealed. What a process has opened once it remembers, so that callers cannot keep a key-management service busy.
 */
@Injectable()
export class SecretTickets {
  readonly #opened = new Map<string, SealingKey>();

  constructor(@Inject(KEY_PROVIDER) private readonly keys: KeyProvider) {}

  async issue(): Promise<{ ticket: string; publicKey: SealingPublicKey }> {
    const key = await SealingKey.make();
    const expiresAt = Date.now() + VALID_MS;
    const envelope = await sealSecret(ownerUntil(expiresAt), await key.toJson(), this.keys);
    return { ticket: encode({ expiresAt, envelope }), publicKey: key.publicKey };
  }

  /** What came with a request, whether it was sealed or not. */
  async read({ sealed, secret, headers }: ConnectionSecret & { sealed?: Sealed | undefined }): Promise<ConnectionSecret> {
    if (sealed) return this.open(sealed, ConnectionSecret);
    return { ...(secret === undefined ? {} : { secret }), ...(headers === undefined ? {} : { headers }) };
  }

  /** Rejects with `invalid_arguments` for a ticket that is old or not ours, and for what does not fit the schema. */
  async open<S extends z.ZodType>({ ticket, text }: Sealed, schema: S): Promise<z.output<S>> {
    const key = await this.#keyOf(ticket);
    const opened = await key.open(text).catch(() => {
      throw refusal('sealed.text', 'was not sealed for the key of its ticket');
    });
    const read = schema.safeParse(opened);
    if (read.success) return read.data;
    throw ServiceError.fields('invalid_arguments', 'The secret does not fit.', fieldProblems(read.error));
  }

  async #keyOf(text: string): Promise<SealingKey> {
    const ticket = decode(text);
    if (!ticket) throw refusal('sealed.ticket', 'is not a ticket of prepare_secret');
    if (ticket.expiresAt < Date.now()) throw refusal('sealed.ticket', 'is more than a minute old; ask for a new one');
    return this.#opened.get(text) ?? this.#remember(text, await this.#openedKey(ticket));
  }

  async #openedKey({ expiresAt, envelope }: Ticket): Promise<SealingKey> {
    const opened = await openSecret(ownerUntil(expiresAt), envelope, this.keys);
    if ('unreadable' in opened) throw refusal('sealed.ticket', 'is not a ticket of prepare_secret');
    return SealingKey.fromJson(opened.secret);
  }

  #remember(text: string, key: SealingKey): SealingKey {
    if (this.#opened.size >= MAX_OPENED) this.#opened.clear();
    this.#opened.set(text, key);
    return key;
  }
}

/** Nobody's in particular; the time is authenticated, so that a ticket cannot be made to last. */
function ownerUntil(expiresAt: number): SecretOwner {
  return { organizationId: 'platform', connectionId: 'ticket', purpose: 'pending', version: expiresAt };
}

function encode({ expiresAt, envelope }: Ticket): string {
  const { alg, keyId, wrappedKey, secret } = envelope;
  const parts = [wrappedKey.iv, wrappedKey.tag, wrappedKey.ciphertext, secret.iv, secret.tag, secret.ciphertext];
  return [String(expiresAt), alg, keyId, ...parts.map((part) => part.toString('base64url'))].join('~');
}

function decode(text: string): Ticket | null {
  const [expiresAt, alg, keyId, ...parts] = text.split('~');
  if (!Number.isSafeInteger(Number(expiresAt)) || !alg || !keyId || parts.length !== 6) return null;
  const [wrappedIv, wrappedTag, wrapped, iv, tag, ciphertext] = parts.map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  const wrappedKey = { iv: wrappedIv, tag: wrappedTag, ciphertext: wrapped };
  return { expiresAt: Number(expiresAt), envelope: { alg, keyId, wrappedKey, secret: { iv, tag, ciphertext } } };
}

function refusal(path: string, problem: string): ServiceError {
  return ServiceError.fields('invalid_arguments', `The secret cannot be read: ${path} ${problem}.`, [{ path, problem }]);
}
