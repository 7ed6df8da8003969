import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runner } from '@patchbay/contracts/runner';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { RunningRunner } from '../testing/running-runner.ts';

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start();
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.otherwise(() => ({ body: { booking: 'Zoë\u0000', price: 12.5, at: 1e21 } }));
  running.sessionId = await running.startSession('live');
  await running.invoke('book', { orderId: 'a\u0000b', count: 2 });
  await running.invoke('check_order', { orderId: '1' });
  await running.invoke('check_order', { orderId: '2' });
  await stored(3);
});

/** The records once there are so many. */
async function stored(count: number) {
  for (;;) {
    const records = await running.recorded();
    if (records.length === count) return records;
  }
}

const sql = (statement: string) => running.database.query(statement, [running.sessionId]);

/** Whether each seal holds, which must not depend on how the records are read. */
async function intact(count: number) {
  const whole = (await stored(count)).map(({ seal }) => seal?.intact);
  const client = clientFor(running.nats, runner);
  const alone: typeof whole = [];
  for (let after: string | null = ''; after !== null;) {
    const page = await client.listInvocations({ organizationId: running.organizationId, sessionId: running.sessionId, limit: 1, after });
    alone.push(...page.invocations.map(({ seal }) => seal?.intact));
    after = page.next;
  }
  expect(alone).toEqual(whole);
  return whole;
}

describe('the seals of a session', () => {
  it('hold for what was stored, also through a verification that came later', async () => {
    running.provider.otherwise(({ method }) => (method === 'GET' ? { body: {} } : { cut: 'before' }));
    await running.invoke('quick_book', { orderId: '9' });

    expect(await intact(4)).toEqual([true, true, true, true]);
  });

  it('break where a record is changed', async () => {
    await sql(`update invocations set arguments = '{"orderId":"3"}' where session_id = $1 and arguments->>'orderId' = '2'`);

    expect(await intact(3)).toEqual([true, true, false]);
  });

  it('break where the evidence of an attempt is changed', async () => {
    await sql(`update attempts a set evidence = jsonb_set(evidence, '{status}', '500') from invocations i
      where i.org_id = a.org_id and i.invocation_id = a.invocation_id and i.session_id = $1 and i.function = 'book'`);

    expect(await intact(3)).toEqual([false, true, true]);
  });

  it('break where a record was put into the place of another one', async () => {
    await sql(`update invocations set facts = jsonb_set(facts, '{seal,sequence}', '2') where session_id = $1 and arguments->>'orderId' = '2'`);

    expect(await intact(3)).toEqual([true, true, false]);
  });

  it('break where a seal is no longer one', async () => {
    await sql(`update invocations set facts = jsonb_set(facts, '{seal,sequence}', '"x"') where session_id = $1 and arguments->>'orderId' = '2'`);

    const rows = await sql(`select facts->'seal'->>'sequence' as sequence from invocations where session_id = $1 order by invocation_id`);
    expect(rows).toEqual([{ sequence: '1' }, { sequence: '2' }, { sequence: 'x' }]);
  });

  it('break behind a record that is gone', async () => {
    await sql(`delete from invocations where session_id = $1 and arguments->>'orderId' = '1'`);

    expect(await intact(2)).toEqual([true, false]);
  });
});
