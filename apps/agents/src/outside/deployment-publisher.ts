import { Inject, Injectable } from '@nestjs/common';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { AgentRepository } from './agent.repository.ts';
import { SnapshotFeed } from './snapshot-feed.ts';
import { VersionRepository } from './version.repository.ts';

/** Brings the feed to what Postgres says of one agent. */
@Injectable()
export class DeploymentPublisher {
  constructor(
    private readonly source: DataSource,
    private readonly agents: AgentRepository,
    private readonly versions: VersionRepository,
    private readonly feed: SnapshotFeed,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /** Publishes what is committed; when the feed cannot be reached it stays unmarked, and the loop comes back to it. */
  async publish(organizationId: string, agentId: string): Promise<void> {
    await this.#publish(organizationId, agentId).catch((err: unknown) => {
      this.logger.warn({ err, organizationId, agentId }, 'a deployment could not be published; it will be tried again');
    });
  }

  /** Puts the snapshot into the feed where it was lost. Rejects when the feed cannot be reached. */
  async restore(organizationId: string, agentId: string, versionId: string): Promise<void> {
    const known = await this.feed.hasSnapshot(organizationId, versionId);
    if (!known) {
      await inOrganization(this.source, organizationId, (tx) => this.versions.markUnpublished(tx, organizationId, versionId));
    }
    await this.#publish(organizationId, agentId);
  }

  /**
   * All that is published was committed before this transaction began. It is here for its lock: without it, a slow
   * publisher could put an older deployment over a newer one.
   */
  async #publish(organizationId: string, agentId: string): Promise<void> {
    await inOrganization(this.source, organizationId, async (tx) => {
      const agent = await this.agents.lock(tx, organizationId, agentId);
      if (!agent?.deployed_version_id) return;
      const unpublished = await this.versions.listUnpublished(tx, organizationId, agentId);
      for (const { snapshot } of unpublished) await this.feed.putSnapshot(snapshot);
      // After its snapshot: whoever learns of a deployment asks for the snapshot at once.
      await this.feed.putDeployment({
        organizationId,
        agentId,
        name: agent.name,
        versionId: agent.deployed_version_id,
      });
      await this.versions.markPublished(
        tx,
        organizationId,
        unpublished.map(({ version_id }) => version_id),
      );
    });
  }
}
