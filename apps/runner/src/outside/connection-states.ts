import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { CONNECTION_BUCKET, ConnectionState } from '@patchbay/contracts/connections';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { SnapshotMirror } from '@patchbay/service-kit/messaging/snapshots';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';

type Listener = (organizationId: string, connectionId: string) => void;

/** What every connection is like now, in memory: a function whose account does not work is not offered, and a credential that was changed is not used again. */
@Injectable()
export class ConnectionStates implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #mirror: SnapshotMirror<typeof ConnectionState>;
  readonly #listeners = new Set<Listener>();

  constructor(
    @Inject(NATS) nats: NatsConnection,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    this.#mirror = new SnapshotMirror({
      nats,
      logger,
      bucket: CONNECTION_BUCKET,
      schema: ConnectionState,
      onChange: (key) => {
        const [organizationId = '', connectionId = ''] = key.split('.');
        for (const listener of this.#listeners) listener(organizationId, connectionId);
      },
    });
  }

  /** Not waited for: without the feed the credentials service is asked for each connection, and says no. */
  onApplicationBootstrap(): void {
    this.#mirror.start().catch((err: unknown) => this.logger.error({ err }, 'the states of connections cannot be followed'));
  }

  beforeApplicationShutdown(): void {
    this.#mirror.stop();
  }

  /** Undefined while nothing was heard of it. */
  get(organizationId: string, connectionId: string): ConnectionState | undefined {
    return this.#mirror.get(`${organizationId}.${connectionId}`);
  }

  /** Hears of each connection that changes. Returns how to stop hearing. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
