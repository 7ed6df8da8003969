import { Injectable } from '@nestjs/common';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { runPrepared } from '@patchbay/service-kit/database/prepared';
import { storableJson } from '@patchbay/service-kit/database/storable-json';
import type { LedgerEntry } from '../domain/intent.ts';
import type { IntentTable } from '../tables/intent.table.ts';
import { toOutcome, type IntentRow, type StoredOutcome } from './invocation-rows.ts';

const INTENT_COLUMNS = `org_id text, session_id text, function text, arguments_hash text, epoch integer, intent_id text, generation integer,
  invocation_id text, runner_id text, idempotency_key text, edge_id text, turn_id text, tool_call_id text, effect text, version_id text,
  arguments jsonb, facts jsonb, trace_id text, received_at timestamptz`;
const INTENT_NAMES = INTENT_COLUMNS.replaceAll(/ (text|integer|jsonb|timestamptz)/g, '');

/** Every write waits for it: planned once for each connection, and not once for each write. */
const OPEN = {
  name: 'open_intents',
  text: `insert into intents (${INTENT_NAMES}) select * from jsonb_to_recordset($1) as x(${INTENT_COLUMNS})
    where exists (select 1 from runners r where r.runner_id = x.runner_id and r.lease_until > now())
    on conflict do nothing returning intent_id`,
};

/** An entry with the outcome it ended in, if it has. */
export interface FoundIntent extends LedgerEntry {
  outcome: Outcome | null;
}

type FoundRow = IntentTable & { age_ms: number; ended: StoredOutcome | null };

export interface IntentQuery {
  organizationId: string;
  sessionId: string;
  function: string;
  argumentsHash: string;
  idempotencyKey: string | null;
}

/** The intent ledger: a unique constraint between a caller's wish and its second effect. */
@Injectable()
export class LedgerRepository {
  /** Commits intents that nobody has committed yet, of a runner whose lease lasts; the ids of those. */
  async open(tx: Transaction, rows: IntentRow[]): Promise<Set<string>> {
    const opened = await runPrepared<{ intent_id: string }>(tx, OPEN, [storableJson(rows)]);
    return new Set(opened.rows.map(({ intent_id }) => intent_id));
  }

  /** Hands an intent that came to nothing to another invocation. False: somebody else was first. */
  async retake(tx: Transaction, entry: LedgerEntry, row: IntentRow): Promise<boolean> {
    const [, taken]: [unknown, number] = await tx.query(
      `update intents set invocation_id = $6, generation = generation + 1, runner_id = $7, turn_id = $8, tool_call_id = $9, trace_id = $10,
         received_at = $11, committed_at = now()
       where org_id = $1 and session_id = $2 and function = $3 and arguments_hash = $4 and epoch = $5 and generation = $12
         and exists (select 1 from runners where runner_id = $7 and lease_until > now())`,
      [
        row.org_id,
        row.session_id,
        row.function,
        row.arguments_hash,
        entry.epoch,
        row.invocation_id,
        row.runner_id,
        row.turn_id,
        row.tool_call_id,
        row.trace_id,
        row.received_at,
        entry.generation,
      ],
    );
    return taken === 1;
  }

  /** The entries that a request may be a repeat of, with their outcomes. */
  async find(tx: Transaction, { organizationId, sessionId, function: name, argumentsHash, idempotencyKey }: IntentQuery): Promise<FoundIntent[]> {
    const rows: FoundRow[] = await tx.query(
      `select i.*, extract(epoch from now() - i.committed_at)::float8 * 1000 as age_ms,
         (select to_jsonb(v) || jsonb_build_object('sent', (select count(*)::int from attempts a
            where a.org_id = v.org_id and a.invocation_id = v.invocation_id))
          from invocations v where v.org_id = i.org_id and v.invocation_id = i.invocation_id) as ended
       from intents i where i.org_id = $1 and i.session_id = $2
         and ((i.function = $3 and i.arguments_hash = $4) or i.idempotency_key = $5)`,
      [organizationId, sessionId, name, argumentsHash, idempotencyKey],
    );
    return rows.map(toEntry);
  }

  /** Writes of a session that are under way. */
  async listRunning(tx: Transaction, organizationId: string, sessionId: string): Promise<IntentTable[]> {
    return tx.query(
      `select i.* from intents i where i.org_id = $1 and i.session_id = $2
         and not exists (select 1 from invocations v where v.org_id = i.org_id and v.invocation_id = i.invocation_id)
       order by i.invocation_id`,
      [organizationId, sessionId],
    );
  }

  /** The write that an invocation id belongs to while it has no outcome. Rare: nobody here runs it, and it has not ended. */
  async findRunning(tx: Transaction, organizationId: string, edgeId: string, invocationId: string): Promise<IntentTable | null> {
    const rows: IntentTable[] = await tx.query(
      `select * from intents where org_id = $1 and invocation_id = $2 and edge_id = $3 and committed_at > now() - interval '1 day'`,
      [organizationId, invocationId, edgeId],
    );
    return rows[0] ?? null;
  }
}

function toEntry({ ended, ...row }: FoundRow): FoundIntent {
  return {
    intentId: row.intent_id,
    function: row.function,
    argumentsHash: row.arguments_hash,
    epoch: row.epoch,
    idempotencyKey: row.idempotency_key,
    invocationId: row.invocation_id,
    generation: row.generation,
    // `pending` is stored for a matter that goes on elsewhere: call control waits for the edge's report.
    state: ended === null || ended.status === 'pending' || ended.status === 'needs_confirmation' ? 'dispatched' : ended.status,
    ageMs: row.age_ms,
    outcome: ended && toOutcome({ ...ended, received_at: new Date(ended.received_at) }),
  };
}
