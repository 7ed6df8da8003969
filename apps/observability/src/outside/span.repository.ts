import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { StoredSpan } from '../domain/span.ts';
import type { SpanTable } from '../tables/span.table.ts';

const COLUMNS = {
  org_id: 'text',
  trace_id: 'text',
  stored_id: 'text',
  parent_span_id: 'text',
  session_id: 'text',
  name: 'text',
  kind: 'smallint',
  service: 'text',
  start_unix_nano: 'bigint',
  duration_ns: 'bigint',
  status: 'smallint',
  attributes: 'json',
} satisfies Record<keyof StoredSpan, string>;
const NAMES = Object.keys(COLUMNS) as (keyof StoredSpan)[];

/** One array per column: the statement is the same for any number of rows, where `values` would be a new one each time. */
const INSERT = `
  insert into spans (${NAMES.join(', ')})
  select * from unnest(${Object.values(COLUMNS)
    .map((type, at) => `$${at + 1}::${type}[]`)
    .join(', ')})
  on conflict (org_id, trace_id, stored_id) do nothing`;

@Injectable()
export class SpanRepository {
  /** A span that is stored already stays as it is. */
  async insert(tx: Transaction, spans: StoredSpan[]): Promise<void> {
    await tx.query(
      INSERT,
      NAMES.map((name) => arrayLiteral(spans.map((span) => span[name]))),
    );
  }

  /** Traces that have a span of the session. */
  async listTraces(tx: Transaction, organizationId: string, sessionId: string, limit: number): Promise<string[]> {
    const rows: { trace_id: string }[] = await tx.query(
      'select distinct trace_id from spans where org_id = $1 and session_id = $2 limit $3',
      [organizationId, sessionId, limit],
    );
    return rows.map(({ trace_id }) => trace_id);
  }

  /** By start. */
  async listByTraces(tx: Transaction, organizationId: string, traceIds: string[], limit: number): Promise<SpanTable[]> {
    return tx.query(
      'select * from spans where org_id = $1 and trace_id = any($2) order by start_unix_nano, stored_id limit $3',
      [organizationId, traceIds, limit],
    );
  }
}

/**
 * PostgreSQL quotes the elements of an array as JSON does, control characters and lone surrogates aside, which a
 * `StoredSpan` never has. Written so, a batch costs half of what the driver's own array conversion does.
 */
function arrayLiteral(values: (string | number | null)[]): string {
  return `{${JSON.stringify(values).slice(1, -1)}}`;
}
