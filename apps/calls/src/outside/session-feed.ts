import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { SESSION_BUCKET, type SessionSnapshot } from '@patchbay/contracts/calls';
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
    for (const session of await this.sessions.listLive(this.source.manager)) {
      const snapshot = snapshotOf(session);
      if (!(await this.#publisher.has(keyOf(snapshot)))) await this.publish(snapshot);
    }
  }

  async publish(snapshot: SessionSnapshot): Promise<void> {
    await this.#publisher.put(keyOf(snapshot), snapshot);
  }
}

type Known = Pick<SessionTable, 'org_id' | 'session_id' | 'edge_id' | 'version_id' | 'state'>;

export function snapshotOf({ org_id, session_id, edge_id, version_id, state }: Known): SessionSnapshot {
  return { organizationId: org_id, sessionId: session_id, edgeId: edge_id, versionId: version_id, state };
}

function keyOf({ organizationId, sessionId }: SessionSnapshot): string {
  return `${organizationId}.${sessionId}`;
}
