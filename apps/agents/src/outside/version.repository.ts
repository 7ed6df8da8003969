import { Injectable } from '@nestjs/common';
import type { AgentSnapshot, AgentVersion } from '@patchbay/contracts/agents';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { statesBefore } from '../domain/agent-version.ts';
import type { AgentVersionTable } from '../tables/agent-version.table.ts';

export type NewVersion = Omit<AgentVersionTable, 'state' | 'snapshot' | 'published_at'>;

@Injectable()
export class VersionRepository {
  async insertDraft(tx: Transaction, row: NewVersion): Promise<void> {
    await tx.query(
      `insert into agent_versions (org_id, version_id, agent_id, number, state, instructions, functions,
         speech, turn_budget_ms, max_duration_ms, inactivity, created_at)
       values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11)`,
      [
        row.org_id,
        row.version_id,
        row.agent_id,
        row.number,
        row.instructions,
        // An array would be taken for one of PostgreSQL's own.
        JSON.stringify(row.functions),
        row.speech,
        row.turn_budget_ms,
        row.max_duration_ms,
        row.inactivity,
        row.created_at,
      ],
    );
  }

  async find(
    tx: Transaction,
    organizationId: string,
    agentId: string,
    versionId: string,
  ): Promise<AgentVersionTable | null> {
    const rows: AgentVersionTable[] = await tx.query(
      'select * from agent_versions where org_id = $1 and agent_id = $2 and version_id = $3',
      [organizationId, agentId, versionId],
    );
    return rows[0] ?? null;
  }

  async listNewest(
    tx: Transaction,
    organizationId: string,
    agentId: string,
    limit: number,
  ): Promise<AgentVersionTable[]> {
    return tx.query(
      `select org_id, version_id, agent_id, number, state, instructions, functions, speech, turn_budget_ms,
         max_duration_ms, inactivity, created_at
       from agent_versions where org_id = $1 and agent_id = $2 order by number desc limit $3`,
      [organizationId, agentId, limit],
    );
  }

  /** A version keeps the snapshot of its first deployment; null when its state does not allow it. */
  async deploy(
    tx: Transaction,
    organizationId: string,
    versionId: string,
    snapshot: AgentSnapshot,
  ): Promise<AgentVersionTable | null> {
    const [rows] = (await tx.query(
      `update agent_versions set state = 'deployed', snapshot = coalesce(snapshot, $3), published_at = null
       where org_id = $1 and version_id = $2 and state = any($4) returning *`,
      [organizationId, versionId, snapshot, statesBefore('deployed')],
    )) as [AgentVersionTable[], number];
    return rows[0] ?? null;
  }

  async retireOthers(tx: Transaction, organizationId: string, agentId: string, versionId: string): Promise<void> {
    await tx.query(
      `update agent_versions set state = 'retired'
       where org_id = $1 and agent_id = $2 and version_id <> $3 and state = any($4)`,
      [organizationId, agentId, versionId, statesBefore('retired')],
    );
  }

  /** Agents with a version that was deployed and not yet published, oldest id first. */
  async listUnpublishedAgents(tx: Transaction, limit: number): Promise<{ org_id: string; agent_id: string }[]> {
    return tx.query(
      `select distinct org_id, agent_id from agent_versions where published_at is null and snapshot is not null
       order by org_id, agent_id limit $1`,
      [limit],
    );
  }

  async listUnpublished(
    tx: Transaction,
    organizationId: string,
    agentId: string,
  ): Promise<{ version_id: string; snapshot: AgentSnapshot }[]> {
    return tx.query(
      `select version_id, snapshot from agent_versions
       where org_id = $1 and agent_id = $2 and published_at is null and snapshot is not null order by number`,
      [organizationId, agentId],
    );
  }

  async markPublished(tx: Transaction, organizationId: string, versionIds: string[]): Promise<void> {
    await tx.query('update agent_versions set published_at = now() where org_id = $1 and version_id = any($2)', [
      organizationId,
      versionIds,
    ]);
  }

  async markUnpublished(tx: Transaction, organizationId: string, versionId: string): Promise<void> {
    await tx.query('update agent_versions set published_at = null where org_id = $1 and version_id = $2', [
      organizationId,
      versionId,
    ]);
  }
}

export function toVersion(row: Omit<AgentVersionTable, 'snapshot' | 'published_at'>): AgentVersion {
  return {
    versionId: row.version_id,
    agentId: row.agent_id,
    number: row.number,
    state: row.state,
    instructions: row.instructions,
    functions: row.functions,
    speech: row.speech,
    turnBudgetMs: row.turn_budget_ms,
    maxDurationMs: row.max_duration_ms,
    inactivity: row.inactivity,
    createdAt: row.created_at.toISOString(),
  };
}
