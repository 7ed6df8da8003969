import { Injectable } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { sealFor, SealingKey } from '@patchbay/service-kit/messaging/sealed';

interface WithSecrets {
  secret?: unknown;
  headers?: unknown;
}

/** Secrets of connections pass the gateway, and nobody who reads messages on NATS shall read them: they travel sealed in both directions. */
@Injectable()
export class SecretEnvelopes {
  #key: Promise<SealingKey> | undefined;

  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  /** The same request with its secrets sealed; as it was when it has none. */
  async seal<T extends WithSecrets>(request: T): Promise<T> {
    const { secret, headers, ...rest } = request;
    if (secret === undefined && headers === undefined) return request;
    const { ticket, publicKey } = await this.credentialsClient.prepareSecret({});
    const text = await sealFor(publicKey, { ...(secret === undefined ? {} : { secret }), ...(headers === undefined ? {} : { headers }) });
    return { ...rest, sealed: { ticket, text } } as unknown as T;
  }

  /** For an answer that may show a secret: give `sealTo` along with the request, and open what comes. */
  async sealTo() {
    return { sealTo: (await this.#ownKey()).publicKey };
  }

  async open<T extends { secret: string | null }>(answer: T): Promise<T> {
    if (answer.secret === null) return answer;
    return { ...answer, secret: String(await (await this.#ownKey()).open(answer.secret)) };
  }

  #ownKey(): Promise<SealingKey> {
    return (this.#key ??= SealingKey.make());
  }
}
