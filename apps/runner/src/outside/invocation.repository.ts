import { Injectable } from '@nestjs/common';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { Attempt, InvocationRecord } from '@patchbay/contracts/runner';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { runPrepared, sendPrepared } from '@patchbay/service-kit/database/prepared';
import { storableJson } from '@patchbay/service-kit/database/storable-json';
import type { Verdict } from '../domain/verdict.ts';
import type { InvocationTable, StoredSeal } from '../tables/invocation.table.ts';
import { FIRST_LATER_ATTEMPT, placesBeside, type StoredLink } from './seal-chain.ts';
import { toOutcome, type AttemptRow, type InvocationRow, type StoredOutcome, type StoredRecord } from './invocation-rows.ts';

const INVOCATION_COLUMNS = `org_id text, invocation_id text, session_id text, turn_id text, edge_id text, tool_call_id text,
  function text, effect text, version_id text, arguments jsonb, status text, verdict jsonb, trace_id text,
  received_at timestamptz, duration_ms double precision, attempt integer, facts jsonb, verify_in_ms double precision`;
const STORED_COLUMNS = `org_id, invocation_id, session_id, turn_id, edge_id, tool_call_id, function, effect, version_id, arguments, status, verdict,
  trace_id, received_at, duration_ms, attempt, facts`;
const ATTEMPT_COLUMNS = `org_id text, invocation_id text, attempt integer, started_at timestamptz, evidence jsonb`;
const SENT = `(select count(*)::int from attempts a where a.org_id = i.org_id and a.invocation_id = i.invocation_id)`;

/** Every write waits for it: planned once for each connection, and not once for each write. */
const INSERT_FINISHED = {
  name: 'insert_finished',
  text: `with attempted as (
      insert into attempts select * from jsonb_to_recordset($2) as x(${ATTEMPT_COLUMNS}) on conflict do nothing
    )
    insert into invocations as known (${STORED_COLUMNS}, verify_at)
      select ${STORED_COLUMNS}, now() + verify_in_ms * interval '1 millisecond' from jsonb_to_recordset($1) as x(${INVOCATION_COLUMNS})
    on conflict (org_id, invocation_id) do update
      set status = excluded.status, verdict = excluded.verdict, duration_ms = excluded.duration_ms, facts = excluded.facts, verify_at = null
      where known.status = 'unknown' and excluded.status <> 'unknown' and known.facts->>'seal' is null`,
};

/** A write of which nothing is known, and since when, by the database's clock. */
export type UnknownWrite = InvocationTable & { stored_ms_ago: number };

interface InSession {
  organizationId: string;
  sessionId: string;
}

/** What a repeat needs to know of the invocation that it was answered with. */
export type Standing = Pick<InvocationRecord, 'invocationId' | 'status' | 'replayOf'>;

@Injectable()
export class InvocationRepository {
  /**
   * Stores how invocations ended. The primary key lets each end once; only what a sweep has left `unknown`, without a seal, gives way to
   * the runner that was thought dead. The number of those that are on record now as they are told here.
   */
  async insertFinished(tx: Transaction, rows: InvocationRow[], attempts: AttemptRow[]): Promise<number> {
    const { rowCount } = await runPrepared(tx, INSERT_FINISHED, [storableJson(rows), storableJson(attempts)]);
    return rowCount ?? 0;
  }

  /** The same; `onSent` is called when it is on its way to the database and the death of this process could no longer stop it. */
  async sendFinished(tx: Transaction, rows: InvocationRow[], attempts: AttemptRow[], onSent: () => void): Promise<void> {
    await sendPrepared(tx, INSERT_FINISHED, [storableJson(rows), storableJson(attempts)], onSent);
  }

  /** What was learnt about an `unknown` write. False: somebody knew before. */
  async learn(
    tx: Transaction,
    { org_id, invocation_id }: Pick<InvocationTable, 'org_id' | 'invocation_id'>,
    verdict: Verdict,
    seal: StoredSeal,
  ): Promise<boolean> {
    const [, changed]: [unknown, number] = await tx.query(
      `update invocations set status = $3, verdict = $4, verify_at = null, facts = coalesce(facts, '{}') ||
         jsonb_build_object('learnt', jsonb_build_object('before', verdict, 'seal', $5::jsonb))
       where org_id = $1 and invocation_id = $2 and status = 'unknown'`,
      [org_id, invocation_id, verdict.status, storableJson(verdict), JSON.stringify(seal)],
    );
    return changed === 1;
  }

  /** Takes `unknown` writes whose next look is due; for a while nobody else will. */
  async claimUnknown(tx: Transaction, limit: number, claimMs: number): Promise<UnknownWrite[]> {
    const [rows]: [UnknownWrite[], number] = await tx.query(
      `update invocations set verify_at = now() + $2 * interval '1 millisecond'
       where (org_id, invocation_id) in (
         select org_id, invocation_id from invocations where verify_at <= now() order by verify_at limit $1 for update skip locked
       ) and status = 'unknown' returning *, extract(epoch from now() - stored_at)::float8 * 1000 as stored_ms_ago`,
      [limit, claimMs],
    );
    return rows;
  }

  /** Plans the next look at an `unknown` write, or none: then it waits for a person. */
  async planLook(tx: Transaction, row: InvocationTable, looks: number, inMs: number | null): Promise<void> {
    await tx.query(
      `update invocations set verify_at = now() + $3::float8 * interval '1 millisecond',
         facts = coalesce(facts, '{}') || jsonb_build_object('looks', $4::int)
       where org_id = $1 and invocation_id = $2 and status = 'unknown'`,
      [row.org_id, row.invocation_id, inMs, looks],
    );
  }

  /** Attempts of an invocation that has not ended yet; they may be stored again when it has. */
  async addAttempts(tx: Transaction, attempts: AttemptRow[]): Promise<void> {
    await tx.query(`insert into attempts select * from jsonb_to_recordset($1) as x(${ATTEMPT_COLUMNS}) on conflict do nothing`, [storableJson(attempts)]);
  }

  async listAttempts(tx: Transaction, organizationId: string, invocationId: string): Promise<Attempt[]> {
    const rows: { evidence: Attempt }[] = await tx.query(`select evidence from attempts where org_id = $1 and invocation_id = $2 order by attempt`, [
      organizationId,
      invocationId,
    ]);
    return rows.map(({ evidence }) => evidence);
  }

  /**
   * One more attempt of an invocation that has ended already: a verification, a late answer. Numbered behind all that the runner of the
   * invocation may still store itself.
   */
  async addAttempt(tx: Transaction, row: Pick<InvocationTable, 'org_id' | 'invocation_id'>, evidence: Attempt): Promise<void> {
    for (;;) {
      const added: unknown[] = await tx.query(
        `insert into attempts (org_id, invocation_id, attempt, started_at, evidence)
         select $1, $2, n, $3, $4::jsonb || jsonb_build_object('attempt', n)
         from (select greatest(coalesce(max(attempt), 0) + 1, $5) as n from attempts where org_id = $1 and invocation_id = $2) as next
         on conflict do nothing returning attempt`,
        [row.org_id, row.invocation_id, evidence.startedAt, storableJson(evidence), FIRST_LATER_ATTEMPT],
      );
      if (added.length > 0) return;
    }
  }

  /** The outcome as it stands, for the edge that asked. */
  async findOutcome(tx: Transaction, organizationId: string, edgeId: string, invocationId: string): Promise<Outcome | null> {
    const row = await this.findEnded(tx, organizationId, invocationId);
    return row?.edge_id === edgeId ? toOutcome(row) : null;
  }

  async findEnded(tx: Transaction, organizationId: string, invocationId: string): Promise<StoredOutcome | null> {
    const rows: StoredOutcome[] = await tx.query(`select i.*, ${SENT} as sent from invocations i where i.org_id = $1 and i.invocation_id = $2`, [
      organizationId,
      invocationId,
    ]);
    return rows[0] ?? null;
  }

  async findByToolCall(tx: Transaction, organizationId: string, edgeId: string, sessionId: string, toolCallId: string): Promise<Outcome | null> {
    const rows: StoredOutcome[] = await tx.query(
      `select i.*, ${SENT} as sent from invocations i
       where i.org_id = $1 and i.session_id = $2 and i.edge_id = $3 and i.tool_call_id = $4 order by i.invocation_id desc limit 1`,
      [organizationId, sessionId, edgeId, toolCallId],
    );
    return rows[0] ? toOutcome(rows[0]) : null;
  }

  /** The next ended invocations of a session with their attempts, oldest first; uses `invocations_session`. */
  async listAfter(tx: Transaction, { organizationId, sessionId }: InSession, after: string, limit: number): Promise<StoredRecord[]> {
    return tx.query(
      `select i.*, coalesce((select jsonb_agg(a.evidence order by a.attempt) from attempts a
         where a.org_id = i.org_id and a.invocation_id = i.invocation_id), '[]') as attempts
       from (select * from invocations where org_id = $1 and session_id = $2 and invocation_id > $3 order by invocation_id limit $4) i
       order by i.invocation_id`,
      [organizationId, sessionId, after, limit],
    );
  }

  /** The links of the session's other invocations that tell whether these stand where they belong in its chains. */
  async findLinksBeside(tx: Transaction, { organizationId, sessionId }: InSession, rows: StoredRecord[]): Promise<StoredLink[]> {
    const places = placesBeside(rows);
    const found: { invocation_id: string; link: StoredSeal }[] = await tx.query(
      // As texts: a seal that was tampered with need not be a number, and must not hide the others.
      `select i.invocation_id, l.link from invocations i, lateral (values (i.facts->'seal'), (i.facts->'learnt'->'seal')) as l (link)
       where i.org_id = $1 and i.session_id = $2
         and (l.link->>'chain', l.link->>'sequence') in (select * from unnest($3::text[], $4::text[]))`,
      [organizationId, sessionId, places.map(({ chain }) => chain), places.map(({ sequence }) => String(sequence))],
    );
    const known = new Set(rows.map((row) => row.invocation_id));
    return found.flatMap(({ invocation_id, link }) => (known.has(invocation_id) ? [] : [{ ...link, invocationId: invocation_id }]));
  }

  /** How invocations of a session stand that others were answered with. */
  async findStandings(tx: Transaction, { organizationId, sessionId }: InSession, invocationIds: string[]): Promise<Standing[]> {
    return tx.query(
      `select invocation_id as "invocationId", status, facts->>'replayOf' as "replayOf" from invocations
       where org_id = $1 and session_id = $2 and invocation_id = any($3)`,
      [organizationId, sessionId, invocationIds],
    );
  }

  /**
   * Writes of a session that are under way or still being looked into, and reads that were answered `pending`. In one statement: between two,
   * a write could end and count twice.
   */
  async countSettling(tx: Transaction, organizationId: string, sessionId: string): Promise<number> {
    const rows: { count: number }[] = await tx.query(
      `select (select count(*) from intents n where n.org_id = $1 and n.session_id = $2
           and not exists (select 1 from invocations v where v.org_id = n.org_id and v.invocation_id = n.invocation_id))::int
         + (select count(*) from pending_invocations p where p.org_id = $1 and p.session_id = $2 and p.intent_id is null
           and not exists (select 1 from invocations v where v.org_id = p.org_id and v.invocation_id = p.invocation_id))::int
         + (select count(*) from invocations i where i.org_id = $1 and i.session_id = $2 and i.status = 'unknown' and i.verify_at is not null)::int as count`,
      [organizationId, sessionId],
    );
    return rows[0]?.count ?? 0;
  }
}
