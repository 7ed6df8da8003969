import { Inject, Injectable } from '@nestjs/common';
import type { InvocationRecord } from '@patchbay/contracts/runner';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { countUncheckedClaims } from './call-span.ts';
import { ClaimMetrics } from './claim-metrics.ts';
import { Deployments } from './deployments.ts';
import { SessionInvocations } from './session-invocations.ts';
import { SessionRepository } from './session.repository.ts';

/** A correction that comes later than this is no longer part of what the agent was saying. */
const TIMEOUT_MS = 500;

export interface Evidence {
  invocations: InvocationRecord[];
  /** Of functions, by name. */
  descriptions: ReadonlyMap<string, string>;
}

/** What really happened in a call; asked for only when the agent has claimed something. */
@Injectable()
export class ClaimEvidence {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly deployments: Deployments,
    private readonly metrics: ClaimMetrics,
    private readonly sessionInvocations: SessionInvocations,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /** Null when the runner did not say in time: then nothing may be held against the agent. */
  async find(organizationId: string, sessionId: string): Promise<Evidence | null> {
    try {
      const [invocations, descriptions] = await Promise.all([
        this.sessionInvocations.list(organizationId, sessionId, TIMEOUT_MS),
        this.#describe(organizationId, sessionId),
      ]);
      return { invocations, descriptions };
    } catch (err) {
      countUncheckedClaims();
      this.metrics.unchecked();
      this.logger.warn({ err, organizationId, sessionId }, 'claims of the agent could not be checked');
      return null;
    }
  }

  async #describe(organizationId: string, sessionId: string): Promise<Map<string, string>> {
    const session = await inOrganization(this.source, organizationId, (tx) => this.sessions.findRow(tx, organizationId, sessionId));
    const snapshot = session && (await this.deployments.findSnapshot(organizationId, session.version_id));
    return new Map(snapshot?.functions.map(({ name, description }) => [name, description]));
  }
}
