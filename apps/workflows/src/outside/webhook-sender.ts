import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SigningSecrets } from '@patchbay/contracts/connections';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import type { HttpSender } from '@patchbay/egress/http-sender';
import type { ResponseHeaders } from '@patchbay/egress/send-result';
import { signedHeaders } from '@patchbay/egress/sign';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { SealingKey } from '@patchbay/service-kit/messaging/sealed';
import { retryAfterMs } from '../domain/retry-after.ts';
import type { Attempted } from '../domain/settlement.ts';
import type { ClaimedDelivery } from './delivery.repository.ts';

export const HTTP_SENDER = Symbol('http sender');

/** What Standard Webhooks recommends; the lease of a delivery must stay above it. */
export const SEND_TIMEOUT_MS = 15_000;

/** Codes by which credentials says that it is not there or not well, which says nothing about the receiver. */
const NOT_THE_RECEIVERS_FAULT = new Set<string>(['unavailable', 'deadline_exceeded', 'overloaded', 'internal']);

/** Signs a delivery and sends it once. The secret is asked for each time and kept nowhere. */
@Injectable()
export class WebhookSender implements OnApplicationShutdown {
  #key: Promise<SealingKey> | undefined;

  constructor(
    @Inject(HTTP_SENDER) private readonly http: HttpSender,
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
  ) {}

  async send(delivery: ClaimedDelivery, now: Date): Promise<Attempted> {
    const { org_id: organizationId, connection_id: connectionId } = delivery;
    try {
      return await this.#post(delivery, await this.#signingSecrets({ organizationId, connectionId }), now);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const problem = `the signing secret cannot be read: ${error.message}`;
      return NOT_THE_RECEIVERS_FAULT.has(error.code) ? { kind: 'postponed', problem } : { kind: 'failed', problem };
    }
  }

  /** Sealed for this process: nobody who can read messages on the way can sign in the organization's name. */
  async #signingSecrets(whose: { organizationId: string; connectionId: string }): Promise<string[]> {
    const key = await (this.#key ??= SealingKey.make());
    const { sealed, signingSecrets } = await this.credentialsClient.resolveSigningSecrets({ ...whose, sealTo: key.publicKey });
    return sealed === null ? signingSecrets : SigningSecrets.parse(await key.open(sealed)).signingSecrets;
  }

  async #post(
    { org_id, webhook_id, delivery_id, url, body }: ClaimedDelivery,
    secrets: string[],
    now: Date,
  ): Promise<Attempted> {
    const signed = signedHeaders({ id: delivery_id, timestamp: now, body, secrets });
    const result = await this.http.send({
      key: `${org_id}:${webhook_id}`,
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'Patchbay-Webhooks/1', ...signed },
      body,
      deadlineMs: SEND_TIMEOUT_MS,
    });
    if (result.kind === 'failed') return { kind: 'failed', problem: result.message };
    return {
      kind: 'answered',
      status: result.status,
      retryAfterMs: retryAfterMs(single(result.headers, 'retry-after'), now),
    };
  }

  /** After the loop has ended: requests under way were waited for. */
  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}

function single(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
