import { Injectable } from '@nestjs/common';
import type { Edge } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';

/** A revoked edge works for this much longer, where NATS does not cut it off before. */
const BELIEVED_MS = 10_000;
const MAX_EDGES = 10_000;

/** Which edges may act for which organization: the subject alone proves nothing on a NATS server without accounts. */
@Injectable()
export class EdgeRegister {
  readonly #believed = new Map<string, { edge: Edge; until: number }>();

  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  /** Throws `forbidden` for an edge of nobody, of another organization, revoked or expired. */
  async require(organizationId: string, edgeId: string): Promise<void> {
    const { revokedAt, expiresAt } = await this.#edge(organizationId, edgeId);
    if (revokedAt) throw refusal(`The edge was revoked at ${revokedAt}; make a new edge.`, 'is revoked');
    if (expiresAt && Date.parse(expiresAt) <= Date.now()) throw refusal(`The credentials of the edge expired at ${expiresAt}; renew the edge.`, 'has expired');
  }

  async #edge(organizationId: string, edgeId: string): Promise<Edge> {
    const key = `${organizationId}.${edgeId}`;
    const believed = this.#believed.get(key);
    if (believed && believed.until > performance.now()) return believed.edge;
    const edge = await this.#lookUp(organizationId, edgeId);
    if (this.#believed.size >= MAX_EDGES) this.#believed.clear();
    this.#believed.set(key, { edge, until: performance.now() + BELIEVED_MS });
    return edge;
  }

  async #lookUp(organizationId: string, edgeId: string): Promise<Edge> {
    return this.credentialsClient.getEdge({ organizationId, edgeId }).catch((error: unknown) => {
      if (!(error instanceof ServiceError) || !['not_found', 'invalid_arguments'].includes(error.code)) throw error;
      throw refusal('This edge does not act for this organization.', `the organization has no edge ${edgeId}`);
    });
  }
}

function refusal(message: string, problem: string): ServiceError {
  return ServiceError.fields('forbidden', message, [{ path: 'subject', problem }]);
}
