import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { storableJson } from '@patchbay/service-kit/database/storable-json';
import { idFloor } from '@patchbay/service-kit/identity/new-id';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import type { InvocationTable } from '../tables/invocation.table.ts';
import type { PendingInvocationTable, StartedPoll } from '../tables/pending-invocation.table.ts';

/** Nothing goes on longer than a poll may, which is an hour; older partitions are not looked at. */
const OLDEST_MS = 86_400_000;
const COLUMNS = `org_id text, invocation_id text, runner_id text, session_id text, turn_id text, edge_id text, tool_call_id text, function text,
  effect text, version_id text, arguments jsonb, facts jsonb, trace_id text, received_at timestamptz, generation integer, intent_id text`;
const NAMES = COLUMNS.replaceAll(/ (text|integer|jsonb|timestamptz)/g, '');
const NOT_ENDED = 'not exists (select 1 from invocations v where v.org_id = p.org_id and v.invocation_id = p.invocation_id)';

/** One whose runner is gone, while the provider still works on it. */
export type OrphanedPoll = PendingInvocationTable & { poll: StartedPoll; left_ms: number };

/** Invocations that were answered `pending`, so that they end even when their runner does not end them. */
@Injectable()
export class PendingRepository {
  async add(tx: Transaction, invocation: Invocation, runnerId: string): Promise<void> {
    await tx.query(`insert into pending_invocations (${NAMES}) select * from jsonb_to_recordset($1) as x(${COLUMNS}) on conflict do nothing`, [
      storableJson([toPendingRow(invocation, runnerId)]),
    ]);
  }

  /** Something was started, and whoever runs it asks the provider for so long whether it has ended. False: it is not on record. */
  async startPoll(tx: Transaction, organizationId: string, invocationId: string, poll: StartedPoll, maxMs: number): Promise<boolean> {
    const [, changed]: [unknown, number] = await tx.query(
      `update pending_invocations set poll = $3, poll_until = now() + $4::float8 * interval '1 millisecond' where org_id = $1 and invocation_id = $2`,
      [organizationId, invocationId, storableJson(poll), maxMs],
    );
    return changed === 1;
  }

  /** Takes over what dead runners asked providers about. */
  async takePolls(tx: Transaction, deadRunnerIds: string[], runnerId: string): Promise<OrphanedPoll[]> {
    const [taken]: [OrphanedPoll[], number] = await tx.query(
      `update pending_invocations p set runner_id = $2
       where p.runner_id = any($1) and p.invocation_id >= $3 and p.poll is not null and ${NOT_ENDED}
       returning p.*, extract(epoch from p.poll_until - now())::float8 * 1000 as left_ms`,
      [deadRunnerIds, runnerId, oldest()],
    );
    return taken;
  }

  /** Ends the reads that dead runners had under way: nothing is changed by them, and nobody knows what they would have told. */
  async settleReads(tx: Transaction, deadRunnerIds: string[], verdict: Verdict): Promise<InvocationTable[]> {
    return tx.query(
      `insert into invocations (org_id, invocation_id, session_id, turn_id, edge_id, tool_call_id, function, effect, version_id, arguments,
         status, verdict, trace_id, received_at, duration_ms, attempt, facts)
       select p.org_id, p.invocation_id, p.session_id, p.turn_id, p.edge_id, p.tool_call_id, p.function, p.effect, p.version_id, p.arguments,
         $2, $3, p.trace_id, p.received_at, extract(epoch from now() - p.received_at)::float8 * 1000, p.generation, p.facts
       from pending_invocations p
       where p.runner_id = any($1) and p.invocation_id >= $4 and p.poll is null and p.intent_id is null and ${NOT_ENDED}
       on conflict do nothing returning *`,
      [deadRunnerIds, verdict.status, JSON.stringify(verdict), oldest()],
    );
  }

  /** One that has not ended, for the edge that was told `pending`. */
  async find(tx: Transaction, organizationId: string, edgeId: string, invocationId: string): Promise<PendingInvocationTable | null> {
    const rows: PendingInvocationTable[] = await tx.query(`select * from pending_invocations where org_id = $1 and invocation_id = $2 and edge_id = $3`, [
      organizationId,
      invocationId,
      edgeId,
    ]);
    return rows[0] ?? null;
  }
}

function oldest(): string {
  return idFloor('invocation', new Date(Date.now() - OLDEST_MS));
}

function toPendingRow(invocation: Invocation, runnerId: string): Omit<PendingInvocationTable, 'received_at' | 'poll' | 'poll_until'> & { received_at: string } {
  const { input, intent } = invocation;
  return {
    org_id: invocation.organizationId,
    invocation_id: invocation.invocationId,
    runner_id: runnerId,
    session_id: input.sessionId,
    turn_id: input.turnId,
    edge_id: invocation.edgeId,
    tool_call_id: input.toolCallId,
    function: input.function,
    effect: invocation.function!.effect,
    version_id: invocation.versionId,
    arguments: invocation.arguments,
    facts: invocation.facts(),
    trace_id: invocation.traceId,
    received_at: invocation.receivedAt.toISOString(),
    generation: intent?.generation ?? 1,
    intent_id: intent?.intentId ?? null,
  };
}
