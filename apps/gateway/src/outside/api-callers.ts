import { Inject, Injectable } from '@nestjs/common';
import type { ApiCaller } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { createHash } from 'node:crypto';
import type { Proof } from '../http/proof.ts';
import { Believed } from './believed.ts';

/** Milliseconds for which a caller and an edge are believed after they were looked up: a revoked one works for this much longer. */
export const BELIEVED_MS = Symbol('believed ms');

/** Whom a request speaks for; asked of credentials, believed for a few seconds. Keys and tokens are held as hashes only. */
@Injectable()
export class ApiCallers {
  readonly #believed: Believed<ApiCaller>;

  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    @Inject(BELIEVED_MS) believedMs: number,
  ) {
    this.#believed = new Believed(believedMs);
  }

  identify({ kind, value }: Proof, organizationId: string | undefined): Promise<ApiCaller> {
    const digest = createHash('sha256')
      .update(`${kind} ${organizationId ?? ''} ${value}`)
      .digest('base64');
    return this.#believed.get(digest, () => this.credentialsClient.identify({ [kind]: value, organizationId }));
  }

  /** Everyone is looked up again: somebody was just refused something, and here it shows at once. */
  forget(): void {
    this.#believed.forget();
  }
}
