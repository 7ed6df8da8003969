import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { SESSION_BUCKET, type SessionSnapshot } from '@patchbay/contracts/calls';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { SnapshotPublisher } from '@patchbay/service-kit/messaging/snapshots';
import { DataSource } from 'typeorm';
import type { SessionTable } from '../tables/session.table.ts';
import { SessionRepository } from './session.repository.ts';

/** Longer than any call may last, so that only ended sessions expire. */
const KEPT_MS = 24 * 3_600_000;

/** Tells the runners which sessions are live. */
@Injectable()
export class SessionFeed implements OnApplicationBootstrap {
  readonly #publisher: SnapshotPublisher<SessionSnapshot>;

  constructor(
    @Inject(NATS) nats: NatsConnection,
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
  ) {
    this.#publisher = new SnapshotPublisher(nats, SESSION_BUCKET, { ttlMs: KEPT_MS });
  }

  /** The bucket may have been lost with its disk; Postgres knows which calls are live. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#publisher.ensure();
    const live = await acrossOrganizations(this.source, (tx) => this.sessions.listLive(tx));
    for (const session of live) {
      const snapshot = snapshotOf(session);
      if (!(await this.#publisher.has(keyOf(snapshot)))) await this.publish(snapshot);
    }
  }

  async publish(snapshot: SessionSnapshot): Promise<void> {
    await this.#publisher.put(keyOf(snapshot), snapshot);
  }
}

export function snapshotOf(session: Omit<SessionTable, 'ended_at' | 'end_reason'>): SessionSnapshot {
  return {
    organizationId: session.org_id,
    sessionId: session.session_id,
    edgeId: session.edge_id,
    versionId: session.version_id,
    state: session.state,
    channel: session.channel,
    agentId: session.agent_id,
    callerNumber: session.caller_number,
    variables: session.variables,
  };
}

function keyOf({ organizationId, sessionId }: SessionSnapshot): string {
  return `${organizationId}.${sessionId}`;
}
