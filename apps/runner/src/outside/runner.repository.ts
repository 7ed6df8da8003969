import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { idFloor } from '@patchbay/service-kit/identity/new-id';
import type { Verdict } from '../domain/verdict.ts';
import type { InvocationTable } from '../tables/invocation.table.ts';

/** Longer than any statement of a runner takes. */
export const SWEEP_AGAIN_MS = 20_000;
export const SWEEPS = 3;
/** No call lasts longer; older partitions are not looked at. */
const OLDEST_SESSION_MS = 86_400_000;

/** Which runners live, by the database's clock. */
@Injectable()
export class RunnerRepository {
  async renew(tx: Transaction, runnerId: string, leaseMs: number): Promise<void> {
    await tx.query(
      `insert into runners (runner_id, lease_until) values ($1, now() + $2 * interval '1 millisecond')
       on conflict (runner_id) do update set lease_until = excluded.lease_until, sweeps = 0`,
      [runnerId, leaseMs],
    );
  }

  /** Ends the lease at once; whatever the runner still has is settled by the next sweep. */
  async release(tx: Transaction, runnerId: string): Promise<void> {
    await tx.query(`update runners set lease_until = now() where runner_id = $1`, [runnerId]);
  }

  /**
   * Locks the runners whose lease is over, so that one sweeper settles what they had. A dead runner is swept again a while later: a
   * statement that it had begun may have committed after the first sweep.
   */
  async lockDead(tx: Transaction): Promise<string[]> {
    const rows: { runner_id: string }[] = await tx.query(
      `select runner_id from runners where lease_until + sweeps * $1 * interval '1 millisecond' < now()
       order by lease_until limit 10 for update skip locked`,
      [SWEEP_AGAIN_MS],
    );
    return rows.map(({ runner_id }) => runner_id);
  }

  /** Notes a sweep; after the last one nothing of them can come any more. */
  async noteSwept(tx: Transaction, runnerIds: string[]): Promise<void> {
    await tx.query(`update runners set sweeps = sweeps + 1 where runner_id = any($1)`, [runnerIds]);
    await tx.query(`delete from runners where runner_id = any($1) and sweeps >= $2`, [runnerIds, SWEEPS]);
  }

  /**
   * Settles the writes that dead runners had under way: whether they happened is not known, and is looked at soon. Not those that a provider
   * is asked about: they are taken over. `was_pending`: the caller was told so, and waits for a result.
   */
  async settleOrphans(tx: Transaction, runnerIds: string[], verdict: Verdict): Promise<(InvocationTable & { was_pending: boolean })[]> {
    return tx.query(
      `insert into invocations as settled (org_id, invocation_id, session_id, turn_id, edge_id, tool_call_id, function, effect, version_id, arguments,
         status, verdict, trace_id, received_at, duration_ms, attempt, facts, verify_at)
       select i.org_id, i.invocation_id, i.session_id, i.turn_id, i.edge_id, i.tool_call_id, i.function, i.effect, i.version_id, i.arguments,
         'unknown', $2, i.trace_id, i.received_at, extract(epoch from now() - i.received_at)::float8 * 1000, i.generation,
         coalesce(i.facts, '{}') || jsonb_build_object('intentId', i.intent_id), now()
       from intents i where i.runner_id = any($1) and i.session_id >= $3
         and not exists (select 1 from invocations v where v.org_id = i.org_id and v.invocation_id = i.invocation_id)
         and not exists (select 1 from pending_invocations p where p.org_id = i.org_id and p.invocation_id = i.invocation_id and p.poll is not null)
       on conflict do nothing returning settled.*,
         exists (select 1 from pending_invocations p where p.org_id = settled.org_id and p.invocation_id = settled.invocation_id) as was_pending`,
      [runnerIds, JSON.stringify(verdict), idFloor('session', new Date(Date.now() - OLDEST_SESSION_MS))],
    );
  }
}
