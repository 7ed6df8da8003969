import { Injectable } from '@nestjs/common';
import { credentials, type ApiCaller } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { createHash } from 'node:crypto';

/** A revoked key works for this much longer. */
const BELIEVED_MS = 10_000;
const MAX_CALLERS = 10_000;

/** Whom an API key speaks for; asked of credentials, believed for a few seconds. Keys are held as hashes only. */
@Injectable()
export class ApiCallers {
  readonly #believed = new Map<string, { caller: ApiCaller; until: number }>();

  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  async identify(apiKey: string): Promise<ApiCaller> {
    const digest = createHash('sha256').update(apiKey).digest('base64');
    const believed = this.#believed.get(digest);
    if (believed && believed.until > performance.now()) return believed.caller;
    const caller = await this.credentialsClient.identify({ apiKey: apiKey.slice(0, 200) });
    if (this.#believed.size >= MAX_CALLERS) this.#believed.clear();
    this.#believed.set(digest, { caller, until: performance.now() + BELIEVED_MS });
    return caller;
  }
}
