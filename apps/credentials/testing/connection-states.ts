import type { NatsConnection } from '@nats-io/transport-node';
import { CONNECTION_BUCKET, ConnectionState } from '@patchbay/contracts/connections';
import { SnapshotMirror } from '@patchbay/service-kit/messaging/snapshots';
import { createLogger } from '@patchbay/service-kit/telemetry/logger';

type Accept = (state: ConnectionState) => boolean;

/** What a runner holds of the connections, to be waited for. */
export class FollowedConnections {
  readonly #mirror: SnapshotMirror<typeof ConnectionState>;
  readonly #waiting = new Set<() => void>();

  private constructor(nats: NatsConnection) {
    this.#mirror = new SnapshotMirror({
      nats,
      bucket: CONNECTION_BUCKET,
      schema: ConnectionState,
      logger: createLogger('test', 'silent'),
      onChange: () => {
        for (const look of this.#waiting) look();
      },
    });
  }

  static async follow(nats: NatsConnection): Promise<FollowedConnections> {
    const followed = new FollowedConnections(nats);
    await followed.#mirror.start();
    return followed;
  }

  /** Resolves with the first state of the connection that is as asked, which may be the one that is there. */
  async until(organizationId: string, connectionId: string, accept: Accept): Promise<ConnectionState> {
    return new Promise((resolve) => {
      const look = () => {
        const state = this.#mirror.get(`${organizationId}.${connectionId}`);
        if (!state || !accept(state)) return;
        this.#waiting.delete(look);
        resolve(state);
      };
      this.#waiting.add(look);
      look();
    });
  }

  stop(): void {
    this.#mirror.stop();
  }
}
