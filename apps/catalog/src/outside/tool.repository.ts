import { Injectable } from '@nestjs/common';
import { ToolDefinition, type Tool } from '@patchbay/contracts/catalog';
import { ServiceError } from '@patchbay/contracts/errors';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import { ToolVersionTable } from '../tables/tool-version.table.ts';
import { ToolTable } from '../tables/tool.table.ts';

const AT_VERSION = `
  select v.tool_id, v.version, v.definition, v.created_at from tools t
  join tool_versions v on v.org_id = t.org_id and v.tool_id = t.tool_id`;

@Injectable()
export class ToolRepository {
  async insert(tx: Transaction, row: ToolTable): Promise<void> {
    await tx.insert(ToolTable, row).catch((error: unknown) => {
      throw nameTaken(error, row.name);
    });
  }

  async insertVersion(tx: Transaction, row: ToolVersionTable): Promise<void> {
    await tx.query(
      `insert into tool_versions (org_id, tool_id, version, definition, created_at) values ($1, $2, $3, $4, $5)`,
      [row.org_id, row.tool_id, row.version, row.definition, row.created_at],
    );
  }

  /**
   * Takes the next version number of a tool; null when there is no such tool. The row stays locked until the transaction
   * ends, so that two updates at once get two numbers in turn and none is skipped.
   */
  async takeNextVersion(tx: Transaction, organizationId: string, toolId: string, name: string): Promise<number | null> {
    const [rows] = (await tx
      .query(
        `update tools set latest_version = latest_version + 1, name = $3 where org_id = $1 and tool_id = $2 returning latest_version`,
        [organizationId, toolId, name],
      )
      .catch((error: unknown) => {
        throw nameTaken(error, name);
      })) as [{ latest_version: number }[], number];
    return rows[0]?.latest_version ?? null;
  }

  /** The newest version unless told. */
  async find(tx: Transaction, organizationId: string, toolId: string, version: number | null): Promise<Tool | null> {
    const rows: ToolVersionTable[] = await tx.query(
      `${AT_VERSION} and v.version = coalesce($3, t.latest_version) where t.org_id = $1 and t.tool_id = $2`,
      [organizationId, toolId, version],
    );
    return rows[0] ? toTool(rows[0]) : null;
  }

  /** Every tool at its newest version, by name. */
  async list(tx: Transaction, organizationId: string): Promise<Tool[]> {
    const rows: ToolVersionTable[] = await tx.query(
      `${AT_VERSION} and v.version = t.latest_version where t.org_id = $1 order by t.name, t.tool_id`,
      [organizationId],
    );
    return rows.map(toTool);
  }
}

function nameTaken(error: unknown, name: string): unknown {
  if (!violates(error, 'tools_org_id_name_unique')) return error;
  return ServiceError.fields('conflict', `There is already a tool named ${name}.`, [
    { path: 'name', problem: 'is taken' },
  ]);
}

/** Parsed, because a definition stored before a field was added gets that field's default. */
export function toTool(row: Omit<ToolVersionTable, 'org_id'>): Tool {
  return {
    ...ToolDefinition.parse(row.definition),
    toolId: row.tool_id,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  };
}
