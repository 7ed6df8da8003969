import { Injectable } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';

/** An edge is looked up once and believed for this long; a revoked one is cut off by NATS itself. */
const BELIEVED_MS = 60_000;
const MAX_EDGES = 10_000;

/** Which edges belong to which organization: the subject alone proves nothing on a NATS server without accounts. */
@Injectable()
export class EdgeRegister {
  readonly #believedUntil = new Map<string, number>();

  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  async require(organizationId: string, edgeId: string): Promise<void> {
    const key = `${organizationId}.${edgeId}`;
    if ((this.#believedUntil.get(key) ?? 0) > performance.now()) return;
    await this.credentialsClient.getEdge({ organizationId, edgeId }).catch((error: unknown) => {
      if (!(error instanceof ServiceError) || !['not_found', 'invalid_arguments'].includes(error.code)) throw error;
      throw ServiceError.fields('forbidden', 'This edge does not act for this organization.', [
        { path: 'subject', problem: `the organization has no edge ${edgeId}` },
      ]);
    });
    if (this.#believedUntil.size >= MAX_EDGES) this.#believedUntil.clear();
    this.#believedUntil.set(key, performance.now() + BELIEVED_MS);
  }
}
