import { Injectable } from '@nestjs/common';
import type { AgentSnapshot, agents } from '@patchbay/contracts/agents';
import { changes } from '@patchbay/contracts/audit';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { recordChange } from '@patchbay/service-kit/database/change';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { DataSource } from 'typeorm';
import { agentNotFound, versionNotFound } from '../domain/agent-version.ts';
import { compileSnapshot } from '../domain/compile-snapshot.ts';
import { agentTargets } from '../domain/transfer-target.ts';
import { AgentRepository } from '../outside/agent.repository.ts';
import { DeploymentPublisher } from '../outside/deployment-publisher.ts';
import { FunctionParts } from '../outside/function-parts.ts';
import { RulesOfCalls } from '../outside/rules-of-calls.ts';
import { toVersion, VersionRepository } from '../outside/version.repository.ts';
import type { AgentVersionTable } from '../tables/agent-version.table.ts';

type Input = InputOf<typeof agents.deployVersion>;

/** New calls use the version from now on. It is compiled once: deploying it again later brings back what it was. */
@Injectable()
export class DeployVersion {
  constructor(
    private readonly source: DataSource,
    private readonly agents: AgentRepository,
    private readonly versions: VersionRepository,
    private readonly parts: FunctionParts,
    private readonly rules: RulesOfCalls,
    private readonly publisher: DeploymentPublisher,
  ) {}

  async run(input: Input): Promise<ReplyOf<typeof agents.deployVersion>> {
    const { organizationId, agentId, versionId } = input;
    const version = await inOrganization(this.source, organizationId, (tx) =>
      this.versions.find(tx, organizationId, agentId, versionId),
    );
    if (!version) throw versionNotFound(agentId, versionId);
    const snapshot = version.snapshot ?? (await this.#compile(version));
    const deployed = await this.#commit(input, snapshot);
    await this.publisher.publish(organizationId, agentId);
    return toVersion(deployed);
  }

  async #compile(row: AgentVersionTable): Promise<AgentSnapshot> {
    const version = toVersion(row);
    const targets = version.functions.flatMap(({ callControl }) => agentTargets(callControl, '').map((target) => target.agent));
    const [agent, agents] = await inOrganization(this.source, row.org_id, async (tx) => [
      await this.agents.find(tx, row.org_id, row.agent_id),
      await this.agents.known(tx, row.org_id, targets),
    ]);
    if (!agent) throw agentNotFound(row.agent_id);
    const parts = { ...(await this.parts.find(row.org_id, version.functions)), agents, rules: this.rules };
    const newFunctionId = () => newId('function');
    return compileSnapshot({ organizationId: row.org_id, agentName: agent.name, version, ...parts, newFunctionId });
  }

  async #commit({ organizationId, agentId, versionId }: Input, snapshot: AgentSnapshot): Promise<AgentVersionTable> {
    return inOrganization(this.source, organizationId, async (tx) => {
      const agent = await this.agents.lock(tx, organizationId, agentId);
      const before = await this.versions.find(tx, organizationId, agentId, versionId);
      // Before the other is deployed: an agent has at most one deployed version at any moment.
      await this.versions.retireOthers(tx, organizationId, agentId, versionId);
      const deployed = await this.versions.deploy(tx, organizationId, versionId, snapshot);
      if (!agent || !before || !deployed) throw versionNotFound(agentId, versionId);
      await this.agents.setDeployed(tx, organizationId, agentId, versionId);
      const object = { kind: 'version', id: versionId, name: `${agent.name}, version ${deployed.number}` };
      const views = { before: toVersion(before), after: toVersion(deployed) };
      await recordChange(tx, changes.agents.changeRecorded, { organizationId, action: 'version.deployed', object, ...views });
      return deployed;
    });
  }
}
