import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  AGENT_SNAPSHOT_BUCKET,
  DEPLOYMENT_BUCKET,
  type AgentSnapshot,
  type Deployment,
} from '@patchbay/contracts/agents';
import { Nats } from '@patchbay/service-kit/messaging/nats';
import { SnapshotPublisher } from '@patchbay/service-kit/messaging/snapshots';

/** What calls and runners hold in memory: the compiled versions, and which one takes new calls. */
@Injectable()
export class SnapshotFeed implements OnModuleInit {
  readonly #snapshots: SnapshotPublisher<AgentSnapshot>;
  readonly #deployments: SnapshotPublisher<Deployment>;

  constructor(@Nats() nats: NatsConnection) {
    this.#snapshots = new SnapshotPublisher(nats, AGENT_SNAPSHOT_BUCKET);
    this.#deployments = new SnapshotPublisher(nats, DEPLOYMENT_BUCKET);
  }

  async onModuleInit(): Promise<void> {
    await this.#snapshots.ensure();
    await this.#deployments.ensure();
  }

  async hasSnapshot(organizationId: string, versionId: string): Promise<boolean> {
    return this.#snapshots.has(`${organizationId}.${versionId}`);
  }

  async putSnapshot(snapshot: AgentSnapshot): Promise<void> {
    await this.#snapshots.put(`${snapshot.organizationId}.${snapshot.versionId}`, snapshot);
  }

  async putDeployment(deployment: Deployment): Promise<void> {
    await this.#deployments.put(`${deployment.organizationId}.${deployment.agentId}`, deployment);
  }
}
