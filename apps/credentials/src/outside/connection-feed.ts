import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { CONNECTION_BUCKET, type ConnectionState } from '@patchbay/contracts/connections';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Nats } from '@patchbay/service-kit/messaging/nats';
import { SnapshotPublisher } from '@patchbay/service-kit/messaging/snapshots';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { connectionState } from '../domain/connection.ts';
import { ConnectionTable } from '../tables/connection.table.ts';
import { ConnectionRepository } from './connection.repository.ts';
import type { ConnectionRef } from './connection-sweep.ts';

/** What runners hold in memory: each connection as it is now. */
@Injectable()
export class ConnectionFeed implements OnModuleInit {
  readonly #states: SnapshotPublisher<ConnectionState>;

  constructor(
    @Nats() nats: NatsConnection,
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    this.#states = new SnapshotPublisher(nats, CONNECTION_BUCKET);
  }

  async onModuleInit(): Promise<void> {
    await this.#states.ensure();
  }

  /** After a commit, if that left news. Never rejects: what cannot be published now stays marked, and the loop finds it. */
  async publishNews(ref: ConnectionRef): Promise<void> {
    await this.publish(ref, { onlyNews: true }).catch((err: unknown) => this.logger.warn({ err, ...ref }, 'a connection could not be published; it will be tried again'));
  }

  /** The row is held meanwhile: nobody can publish something newer that this would then replace. */
  async publish({ organizationId, connectionId }: ConnectionRef, { onlyNews }: { onlyNews: boolean }): Promise<void> {
    await inOrganization(this.source, organizationId, async (tx) => {
      const key = { org_id: organizationId, connection_id: connectionId };
      if (onlyNews && !(await tx.existsBy(ConnectionTable, { ...key, unpublished: true }))) return;
      const connection = await this.connections.lock(tx, organizationId, connectionId);
      await this.#states.put(`${organizationId}.${connectionId}`, connectionState(connection));
      await tx.update(ConnectionTable, key, { unpublished: false });
    });
  }
}
