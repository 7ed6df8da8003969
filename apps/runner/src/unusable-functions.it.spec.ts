import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { RunningRunner } from '../testing/running-runner.ts';

const MISTAKES = ['pattern', 'schema', 'sentence', 'condition', 'verification', 'polling', 'read_back', 'url', 'header'];

let running: RunningRunner;
const logged: string[] = [];
let compiledAhead: Promise<void>;

beforeAll(async () => {
  running = await RunningRunner.start();
  const logger = running.service.app.get<Logger>(KIT_LOGGER);
  compiledAhead = new Promise((resolve) => {
    jest.spyOn(logger, 'error').mockImplementation((...[facts, message]: unknown[]) => {
      if (message !== 'the definition of a function cannot be used') return;
      logged.push((facts as { functionId: string }).functionId);
      if (logged.length === MISTAKES.length) resolve();
    });
  });
});

afterAll(() => running.stop());

beforeEach(async () => {
  running.provider.received.length = 0;
  running.provider.otherwise(() => ({ body: { ok: true } }));
  running.sessionId = await running.startSession('live');
});

describe('a function whose definition cannot be used', () => {
  it('is found out when the first call of its version starts, before it is used', async () => {
    await compiledAhead;

    expect(new Set(logged).size).toBe(MISTAKES.length);
  });

  it.each(MISTAKES)('is refused before anything is sent: %s', async (mistake) => {
    const name = `unusable_${mistake}`;
    const outcome = await running.invoke(name, { orderId: '1' });

    const message = `The function ${name} is not active: its definition cannot be used. Nothing was sent.`;
    expect(outcome).toMatchObject({ status: 'rejected', error: { code: 'function_inactive', message }, attempts: 0 });
    expect(running.provider.received).toEqual([]);
  });

  it('is told of once, however often it is called', async () => {
    await running.invoke('unusable_pattern', { orderId: '1' });
    await running.invoke('unusable_pattern', { orderId: '2' });

    expect(logged).toHaveLength(MISTAKES.length);
  });

  it('says in its evidence what is wrong', async () => {
    await running.invoke('unusable_pattern', { orderId: '1' });

    const [record] = await running.recorded();
    expect(record?.decisions).toContainEqual({ step: 'arguments', decision: 'inactive', why: expect.stringContaining('look-around') });
  });

  it('does not keep the others of its version from being called', async () => {
    expect(await running.invoke('check_order', { orderId: '1' })).toMatchObject({ status: 'succeeded' });
  });
});
