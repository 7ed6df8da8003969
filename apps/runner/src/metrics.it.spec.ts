import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RunningRunner } from '../testing/running-runner.ts';

const ALERTS = new URL('../../../infra/prometheus/alerts.yml', import.meta.url);

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start({ RUNNER_BREAKER_FAILURES_IN_A_ROW: '3' });
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.otherwise(() => ({ body: { booking: 'B1' } }));
  running.sessionId = await running.startSession('live');
});

async function scrape({ service } = running): Promise<string> {
  const answer = await fetch(`${service.url}/metrics`, { headers: { connection: 'close' } });
  return answer.text();
}

/** The value of one series; 0 when there is none. */
async function valueOf(series: string, of = running): Promise<number> {
  const line = (await scrape(of)).split('\n').find((one) => one.startsWith(`${series} `));
  return line ? Number(line.split(' ')[1]) : 0;
}

const ended = (effect: string, status: string, code: string) => `patchbay_invocations_total{effect="${effect}",status="${status}",code="${code}"}`;

describe('invocations', () => {
  it('are counted by effect, status and code', async () => {
    const series = [ended('read', 'succeeded', 'ok'), ended('read', 'rejected', 'invalid_arguments'), ended('write.reversible', 'succeeded', 'ok')];
    const before = await Promise.all(series.map((one) => valueOf(one)));

    await running.invoke('check_order', { orderId: '7' });
    await running.invoke('check_order', {}, { toolCallId: 'call_2' });
    await running.invoke('book', { orderId: '8' }, { toolCallId: 'call_3' });

    expect(await Promise.all(series.map((one) => valueOf(one)))).toEqual(before.map((value) => value + 1));
  });

  it('whose function is not known have no effect', async () => {
    await running.invoke('nothing_of_the_kind', {});

    expect(await valueOf(ended('none', 'rejected', 'unknown_function'))).toBe(1);
  });

  it('show the trace of one of them with how long they take, and name nobody', async () => {
    const { traceId } = await running.invoke('check_order', { orderId: 'order-of-a-caller' });

    const text = await scrape();
    expect(text).toMatch(new RegExp(`^patchbay_invocation_duration_seconds_bucket\\{.*effect="read"\\} \\d+ # \\{trace_id="${traceId}"\\}`, 'm'));
    for (const one of [running.organizationId, running.edgeId, running.sessionId, 'order-of-a-caller', 'check_order']) expect(text).not.toContain(one);
  });
});

describe('evidence that cannot be stored', () => {
  it('is counted', async () => {
    expect(await scrape()).toMatch(/^patchbay_evidence_lost_total 0$/m);
    await running.database.query(`alter table invocations add constraint refused check (function <> 'check_order') not valid`);

    expect(await running.invoke('check_order', { orderId: '9' })).toMatchObject({ status: 'succeeded' });

    while ((await valueOf('patchbay_evidence_lost_total')) === 0);
    await running.database.query('alter table invocations drop constraint refused');
    expect(await valueOf('patchbay_evidence_lost_total')).toBe(1);
  });
});

describe('a provider in trouble', () => {
  it('shows as a breaker that opened', async () => {
    running.provider.otherwise(() => ({ status: 503 }));
    for (const orderId of ['1', '2', '3']) await running.invoke('check_order', { orderId }, { toolCallId: `call_${orderId}` });

    expect(await valueOf('patchbay_breaker_changes_total{to="open"}')).toBe(1);
    expect(await valueOf('patchbay_breakers_tripped')).toBe(1);
  });
});

describe('a write of which nothing is known', () => {
  it('is waiting to be verified', async () => {
    const another = await RunningRunner.start();
    try {
      another.sessionId = await another.startSession('live');
      another.provider.otherwise(({ method }) => (method === 'GET' ? { status: 503 } : { cut: 'before' }));
      expect(await another.invoke('verified_book', { orderId: '7' })).toMatchObject({ status: 'unknown' });

      // Its outcome was told when it was on its way to the database, where it is counted.
      while ((await valueOf('patchbay_unverified_writes', another)) === 0);
      expect(await valueOf('patchbay_unverified_writes', another)).toBe(1);
    } finally {
      await another.stop();
    }
  });
});

describe('the alerts', () => {
  it('are about metrics that a runner has', async () => {
    const named = new Set(readFileSync(ALERTS, 'utf8').match(/patchbay_\w+/g));
    const told = await scrape();

    expect(named.size).toBeGreaterThan(0);
    expect([...named].filter((name) => !told.includes(`\n${name}`))).toEqual([]);
  });
});
