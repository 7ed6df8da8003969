import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runner, type InvocationRecord } from '@patchbay/contracts/runner';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { RunningRunner } from '../testing/running-runner.ts';

const INVOCATIONS = 3_000;
const LANES = 20;
/** Ten times what they take. */
const CALLING_MS = 100_000;

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start({ RUNNER_RATE_LIMITS: 'off', RUNNER_LOOP_CALLS_PER_MINUTE: '100000' });
  running.sessionId = await running.startSession('live');
});

afterAll(() => running.stop());

type Page = { limit?: number; after?: string };
const list = (page: Page = {}) =>
  clientFor(running.nats, runner).listInvocations({ organizationId: running.organizationId, sessionId: running.sessionId, ...page }, { timeoutMs: 20_000 });

async function allPages(limit: number): Promise<InvocationRecord[][]> {
  const pages: InvocationRecord[][] = [];
  for (let after: string | undefined; ;) {
    const { invocations, next } = await list({ limit, after });
    pages.push(invocations);
    if (next === null) return pages;
    after = next;
  }
}

/** Invokes many times and waits until all of it is stored. */
async function checkOrders(count: number): Promise<string[]> {
  const orders = Array.from({ length: count }, (_, at) => at).values();
  const ids: string[] = [];
  const work = async () => {
    for (const order of orders) {
      // Each in a turn of its own: the calls of one share its budget.
      const { invocationId, status } = await running.invoke('check_order', { orderId: String(order) }, { turnId: `trn_${order}`, toolCallId: `call_${order}` });
      expect(status).toBe('succeeded');
      ids.push(invocationId);
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  await stored(count);
  return ids.sort();
}

/** Waits for the session's records: reads are written behind. */
async function stored(expected: number): Promise<void> {
  for (;;) {
    const [row] = await running.database.query<{ count: number }>('select count(*)::int as count from invocations where session_id = $1', [running.sessionId]);
    if (row?.count === expected) return;
  }
}

describe('the invocations of a session with 3,000', () => {
  let ids: string[];

  beforeAll(async () => {
    running.provider.otherwise(() => ({ body: { order: 'x'.repeat(1_000) } }));
    ids = await checkOrders(INVOCATIONS);
  }, CALLING_MS);

  it('are read page by page, in order, none twice and none missing, with the seals as they are', async () => {
    const pages = await allPages(500);

    expect(pages.flat().map(({ invocationId }) => invocationId)).toEqual(ids);
    expect(pages.length).toBeGreaterThanOrEqual(INVOCATIONS / 500);
    expect(pages.flat().filter(({ seal }) => !seal?.intact)).toEqual([]);
  });

  it('are refused as a whole, and the refusal says how they can be read', async () => {
    await expect(list()).rejects.toMatchObject({ code: 'payload_too_large', message: expect.stringContaining('`limit` and `after`') });
  });

  it('are fewer on a page than asked for where more would not fit into one message', async () => {
    await running.database.query(`update attempts set evidence = jsonb_set(evidence, '{curl}', to_jsonb(repeat('c', 10000)))
      where invocation_id in (select invocation_id from invocations where session_id = $1)`, [running.sessionId]);

    const pages = await allPages(500);

    expect(pages[0]!.length).toBeLessThan(500);
    expect(pages.flat().map(({ invocationId }) => invocationId)).toEqual(ids);
  });

  it('are each on a page of their own without the texts of their attempts, where one alone is larger than a message', async () => {
    await running.database.query(`update attempts set evidence = jsonb_set(evidence, '{curl}', to_jsonb(repeat('c', 5000000))) where invocation_id = $1`, [ids[1]]);

    const { invocations, next } = await list({ limit: 1, after: ids[0] });

    expect(invocations).toMatchObject([{ invocationId: ids[1], seal: { intact: false }, attempts: [{ status: 200, curl: expect.stringContaining('left out') }] }]);
    expect(next).toBe(ids[1]);
  });
});

describe('a page of invocations', () => {
  it('shows a write that is under way at its place', async () => {
    running.sessionId = await running.startSession('live');
    const [first, second] = [await running.invoke('check_order', { orderId: '1' }), await running.invoke('check_order', { orderId: '2' })];
    await stored(2);
    await running.database.query(
      `insert into intents select * from jsonb_populate_record(null::intents, jsonb_build_object('org_id', $1::text, 'session_id', $2::text, 'function', 'book',
         'arguments_hash', 'h', 'epoch', 0, 'intent_id', 'int_1', 'generation', 1, 'invocation_id', $3::text, 'runner_id', 'run_1', 'edge_id', $4::text,
         'turn_id', 'trn_1', 'tool_call_id', 'call_9', 'effect', 'write.reversible', 'version_id', 'ver_1', 'arguments', '{}'::jsonb, 'trace_id', 't',
         'received_at', now(), 'committed_at', now()))`,
      [running.organizationId, running.sessionId, `${first.invocationId}1`, running.edgeId],
    );

    const pages = await allPages(1);

    expect(pages.flat()).toMatchObject([
      { invocationId: first.invocationId, status: 'succeeded' },
      { invocationId: `${first.invocationId}1`, status: 'running' },
      { invocationId: second.invocationId, status: 'succeeded' },
    ]);
  });

  it('tells of a repeat how its original has ended, which stands on another page', async () => {
    running.sessionId = await running.startSession('live');
    running.provider.script({ cut: 'before' });
    const original = await running.invoke('book', { orderId: '7' });
    const repeat = await running.invoke('book', { orderId: '7' }, { toolCallId: 'call_2' });
    await stored(2);
    await running.database.query(`update invocations set status = 'succeeded' where invocation_id = $1`, [original.invocationId]);

    const { invocations } = await list({ limit: 1, after: original.invocationId });

    expect(repeat).toMatchObject({ invocationId: original.invocationId, status: 'unknown', replayed: true });
    expect(invocations).toMatchObject([{ toolCallId: 'call_2', replayOf: original.invocationId, status: 'succeeded' }]);
  });
});
