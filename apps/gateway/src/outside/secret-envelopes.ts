import { Injectable } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { ReplyOf } from '@patchbay/contracts/define';
import type { Sealed } from '@patchbay/contracts/sealing';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { sealFor, SealingKey } from '@patchbay/service-kit/messaging/sealed';
import { Believed } from './believed.ts';

interface WithSecrets {
  secret?: unknown;
  headers?: unknown;
}

/** A ticket is good for a minute from when it was issued; what is left of it here is more than any request takes. */
const TICKET_MS = 20_000;

/** Secrets pass the gateway, and nobody who reads messages on NATS shall read them: they travel sealed in both directions. */
@Injectable()
export class SecretEnvelopes {
  /** One for many requests: strangers, too, may cause some, and a ticket can cost a question to a key-management service. */
  readonly #tickets = new Believed<ReplyOf<typeof credentials.prepareSecret>>(TICKET_MS);
  #key: Promise<SealingKey> | undefined;

  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  /** The same request with its secrets sealed; as it was when it has none. */
  async seal<T extends WithSecrets>(request: T): Promise<T> {
    const { secret, headers, ...rest } = request;
    if (secret === undefined && headers === undefined) return request;
    const sealed = await this.sealed({ ...(secret === undefined ? {} : { secret }), ...(headers === undefined ? {} : { headers }) });
    return { ...rest, sealed } as unknown as T;
  }

  /** What only credentials can read. */
  async sealed(value: unknown): Promise<Sealed> {
    const { ticket, publicKey } = await this.#tickets.get('ticket', () => this.credentialsClient.prepareSecret({}));
    return { ticket, text: await sealFor(publicKey, value) };
  }

  /** For an answer that may show a secret: give `sealTo` along with the request, and open what comes. */
  async sealTo() {
    return { sealTo: (await this.#ownKey()).publicKey };
  }

  /** The answer with this field as it was before it was sealed; null stays null. */
  async open<F extends string, T extends Record<F, string | null>>(field: F, answer: T): Promise<T> {
    const sealed: string | null = answer[field];
    if (sealed === null) return answer;
    return { ...answer, [field]: String(await (await this.#ownKey()).open(sealed)) };
  }

  #ownKey(): Promise<SealingKey> {
    return (this.#key ??= SealingKey.make());
  }
}
