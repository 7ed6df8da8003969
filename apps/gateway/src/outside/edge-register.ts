import { Inject, Injectable } from '@nestjs/common';
import type { Edge } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import type { Deadline } from '@patchbay/service-kit/messaging/request-context';
import { BELIEVED_MS } from './api-callers.ts';
import { Believed } from './believed.ts';

/** A look-up takes a few milliseconds; a service that restarts is back within this. */
const LOOK_UP_MS = 5_000;

/** Which edges may act. Over NATS the server itself turns an ended edge away; over HTTP only this does. */
@Injectable()
export class EdgeRegister {
  readonly #believed: Believed<Edge>;

  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    @Inject(BELIEVED_MS) believedMs: number,
  ) {
    this.#believed = new Believed(believedMs);
  }

  /** Throws `forbidden` for an edge of nobody, of another organization, revoked or expired; `deadline_exceeded` when nobody says so in time. */
  async require(organizationId: string, edgeId: string, deadline: Deadline | null): Promise<void> {
    const timeoutMs = Math.min(deadline?.remainingMs ?? LOOK_UP_MS, LOOK_UP_MS);
    const edge = await this.#believed.get(`${organizationId}.${edgeId}`, () => this.#lookUp(organizationId, edgeId, timeoutMs));
    if (edge.revokedAt) throw refusal(edgeId, `was revoked at ${edge.revokedAt}; make a new edge`);
    if (edge.expiresAt && Date.parse(edge.expiresAt) <= Date.now()) throw refusal(edgeId, `expired at ${edge.expiresAt}; renew it`);
  }

  /** It is looked up again. */
  forget(edgeId: string): void {
    this.#believed.forget((edge) => edge.edgeId === edgeId);
  }

  forgetAll(): void {
    this.#believed.forgetAll();
  }

  #lookUp(organizationId: string, edgeId: string, timeoutMs: number): Promise<Edge> {
    return this.credentialsClient.getEdge({ organizationId, edgeId }, { timeoutMs }).catch((error: unknown) => {
      if (error instanceof ServiceError && error.code === 'not_found') throw refusal(edgeId, 'does not act for this organization');
      throw error;
    });
  }
}

function refusal(edgeId: string, problem: string): ServiceError {
  return ServiceError.fields('forbidden', `The edge ${edgeId} ${problem}.`, [{ path: 'edgeId', problem }]);
}
