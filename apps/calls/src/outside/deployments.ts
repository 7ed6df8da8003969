import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, AgentSnapshot, Deployment, DEPLOYMENT_BUCKET } from '@patchbay/contracts/agents';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { SnapshotMirror } from '@patchbay/service-kit/messaging/snapshots';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';

/** What is deployed, held in memory: a call can start while the agents service is away. */
@Injectable()
export class Deployments implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #snapshots: SnapshotMirror<typeof AgentSnapshot>;
  readonly #deployments: SnapshotMirror<typeof Deployment>;
  /** `<organization> <agent name>` → version; names are unique inside an organization. */
  readonly #byName = new Map<string, string>();

  constructor(@Inject(NATS) nats: NatsConnection, @Inject(KIT_LOGGER) logger: Logger) {
    this.#snapshots = new SnapshotMirror({ nats, logger, bucket: AGENT_SNAPSHOT_BUCKET, schema: AgentSnapshot });
    this.#deployments = new SnapshotMirror({
      nats,
      logger,
      bucket: DEPLOYMENT_BUCKET,
      schema: Deployment,
      onChange: (_key, deployment) => {
        if (deployment) this.#byName.set(`${deployment.organizationId} ${deployment.name}`, deployment.versionId);
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.#snapshots.start(), this.#deployments.start()]);
  }

  beforeApplicationShutdown(): void {
    this.#snapshots.stop();
    this.#deployments.stop();
  }

  /** The version that takes new calls of an agent, given by id or name. */
  versionOf(organizationId: string, agent: string): string | null {
    const byId = this.#deployments.get(`${organizationId}.${agent}`)?.versionId;
    return byId ?? this.#byName.get(`${organizationId} ${agent}`) ?? null;
  }

  async findSnapshot(organizationId: string, versionId: string): Promise<AgentSnapshot | null> {
    if (!/^ver_[a-z0-9]+$/.test(versionId)) return null;
    return (await this.#snapshots.find(`${organizationId}.${versionId}`)) ?? null;
  }
}
