import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { AgentRepository } from '../outside/agent.repository.ts';
import { DeploymentPublisher } from '../outside/deployment-publisher.ts';
import { VersionRepository } from '../outside/version.repository.ts';
import type { AgentTable } from '../tables/agent.table.ts';

const TICK_MS = 5_000;
const PAGE = 100;

/** Publishes what was committed and not published, and once after a start everything that the feed has lost. */
@Injectable()
export class PublishDeployments implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;
  #restored = false;

  constructor(
    private readonly source: DataSource,
    private readonly agents: AgentRepository,
    private readonly versions: VersionRepository,
    private readonly publisher: DeploymentPublisher,
    @Inject(KIT_LOGGER) logger: Logger,
  ) {
    this.#rounds = new Rounds({ everyMs: TICK_MS, run: () => this.tick(), logger, trouble: 'the feed could not be brought up to date; it will be tried again' });
  }

  onApplicationBootstrap(): void {
    this.#rounds.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async tick(): Promise<void> {
    if (!this.#restored) await this.#restore();
    this.#restored = true;
    const unpublished = await acrossOrganizations(this.source, (tx) => this.versions.listUnpublishedAgents(tx, PAGE));
    for (const { org_id, agent_id } of unpublished) {
      if (!this.#rounds.isStopped) await this.publisher.publish(org_id, agent_id);
    }
  }

  /** JetStream may have lost its data, or the newest part of it: after a start nothing that it holds is taken for current. */
  async #restore(): Promise<void> {
    let page: AgentTable[] = [];
    do {
      const after = page.at(-1) ?? { org_id: '', agent_id: '' };
      page = await acrossOrganizations(this.source, (tx) => this.agents.listDeployed(tx, after, PAGE));
      for (const agent of page) await this.publisher.restore(agent.org_id, agent.agent_id, agent.deployed_version_id!);
    } while (page.length === PAGE && !this.#rounds.isStopped);
  }
}
