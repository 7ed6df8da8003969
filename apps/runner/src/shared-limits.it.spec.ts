import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RUNNER_SPENT } from '@patchbay/contracts/service-permissions';
import { RunningRunner } from '../testing/running-runner.ts';
import type { SpentCalls } from './guards/rate-limits.ts';

const BURST = 10;

let running: RunningRunner;

beforeAll(async () => {
  running = await RunningRunner.start({ RUNNER_TOOL_CALLS_PER_MINUTE: '1', RUNNER_TOOL_BURST_CALLS: String(BURST) });
  await running.startRunner();
  running.sessionId = await running.startSession('live');
});

afterAll(() => running.stop());

it('lets two runners together carry out as many calls of a tool as its limit says', async () => {
  const told = running.nats.subscribe(RUNNER_SPENT);
  const outcomes = await Promise.all(Array.from({ length: BURST }, (_, call) => running.invoke('check_order', { orderId: String(call) })));
  let heard = 0;
  for await (const message of told) {
    const { spent } = message.json<{ spent: SpentCalls[] }>();
    heard += spent.find(({ layer }) => layer === 'tool')?.calls ?? 0;
    if (heard === BURST) break;
  }

  const more = await Promise.all(Array.from({ length: BURST }, (_, call) => running.invoke('check_order', { orderId: `more ${call}` })));

  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'succeeded'));
  expect(more.map(({ error }) => error?.code)).toEqual(more.map(() => 'rate_limited'));
  expect(running.provider.received).toHaveLength(BURST);
});
