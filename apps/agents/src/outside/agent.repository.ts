import { Injectable } from '@nestjs/common';
import type { Agent } from '@patchbay/contracts/agents';
import { ServiceError } from '@patchbay/contracts/errors';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import { AgentTable } from '../tables/agent.table.ts';

@Injectable()
export class AgentRepository {
  async insert(tx: Transaction, row: AgentTable): Promise<void> {
    await tx.insert(AgentTable, row).catch((error: unknown) => {
      if (!violates(error, 'agents_org_id_name_unique')) throw error;
      const message = `There is already an agent named ${row.name}.`;
      throw ServiceError.fields('conflict', message, [{ path: 'name', problem: 'is taken' }]);
    });
  }

  async find(tx: Transaction, organizationId: string, agentId: string): Promise<AgentTable | null> {
    return tx.findOneBy(AgentTable, { org_id: organizationId, agent_id: agentId });
  }

  /** Those of the ids and names that are an agent's. */
  async known(tx: Transaction, organizationId: string, idsAndNames: string[]): Promise<Set<string>> {
    if (idsAndNames.length === 0) return new Set();
    const rows: { agent_id: string; name: string }[] = await tx.query(
      'select agent_id, name from agents where org_id = $1 and (agent_id = any($2) or name = any($2))',
      [organizationId, idsAndNames],
    );
    return new Set(rows.flatMap(({ agent_id, name }) => [agent_id, name]));
  }

  /** By name. */
  async list(tx: Transaction, organizationId: string): Promise<AgentTable[]> {
    return tx.find(AgentTable, { where: { org_id: organizationId }, order: { name: 'asc' } });
  }

  /** The agent, which nobody else deploys or publishes until this transaction ends. */
  async lock(tx: Transaction, organizationId: string, agentId: string): Promise<AgentTable | null> {
    const rows: AgentTable[] = await tx.query('select * from agents where org_id = $1 and agent_id = $2 for update', [
      organizationId,
      agentId,
    ]);
    return rows[0] ?? null;
  }

  /** Null when there is no such agent. The row stays locked until the commit, so that no number is given twice or skipped. */
  async takeNextNumber(tx: Transaction, organizationId: string, agentId: string): Promise<number | null> {
    const [rows] = (await tx.query(
      'update agents set latest_number = latest_number + 1 where org_id = $1 and agent_id = $2 returning latest_number',
      [organizationId, agentId],
    )) as [{ latest_number: number }[], number];
    return rows[0]?.latest_number ?? null;
  }

  async setDeployed(tx: Transaction, organizationId: string, agentId: string, versionId: string): Promise<void> {
    await tx.update(AgentTable, { org_id: organizationId, agent_id: agentId }, { deployed_version_id: versionId });
  }

  /** A page of all organizations' deployed agents, after the one given. */
  async listDeployed(
    tx: Transaction,
    after: { org_id: string; agent_id: string },
    limit: number,
  ): Promise<AgentTable[]> {
    return tx.query(
      `select * from agents where deployed_version_id is not null and (org_id, agent_id) > ($1, $2)
       order by org_id, agent_id limit $3`,
      [after.org_id, after.agent_id, limit],
    );
  }
}

export function toAgent(row: AgentTable): Agent {
  return {
    agentId: row.agent_id,
    name: row.name,
    deployedVersionId: row.deployed_version_id,
    createdAt: row.created_at.toISOString(),
  };
}
