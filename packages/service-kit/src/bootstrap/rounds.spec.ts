import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { Rounds, type RoundsOptions } from './rounds.ts';

const EVERY_MS = 1_000;

let lines: { level: number; msg: string; err: { message: string } }[];
let gates: PromiseWithResolvers<void>[];
let rounds: Rounds;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  lines = [];
  gates = [];
  rounds = make();
});
afterEach(async () => {
  for (const { resolve } of gates) resolve();
  await rounds.stop();
  jest.useRealTimers();
});

function make(options: Partial<RoundsOptions> = {}): Rounds {
  const sink = new Writable({ write: (line: Buffer, _encoding, done) => (lines.push(JSON.parse(line.toString()) as (typeof lines)[number]), done()) });
  const run = () => {
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    return gate.promise;
  };
  return new Rounds({ everyMs: EVERY_MS, run, logger: pino(sink), trouble: 'it did not work', ...options });
}

async function pass(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  await nextTurn();
}

async function endRound(): Promise<void> {
  gates.at(-1)!.resolve();
  await nextTurn();
}

describe('rounds', () => {
  it('begin when their time has passed, and come again as long after each one has ended', async () => {
    rounds.start();
    await pass(EVERY_MS - 1);
    expect(gates).toHaveLength(0);
    await pass(1);
    expect(gates).toHaveLength(1);
    await endRound();
    await pass(EVERY_MS - 1);
    expect(gates).toHaveLength(1);
    await pass(1);
    expect(gates).toHaveLength(2);
  });

  it('are never two at the same time, however long one takes', async () => {
    rounds.wake();
    await pass(0);
    rounds.wake();
    await pass(10 * EVERY_MS);

    expect(gates).toHaveLength(1);
  });

  it('begin at once when they are woken, and only once however often that is', async () => {
    rounds.start();
    rounds.wake();
    rounds.wake();
    await pass(0);
    await endRound();
    await pass(EVERY_MS - 1);

    expect(gates).toHaveLength(1);
  });

  it('that are woken while one is under way come right after it, and only once', async () => {
    rounds.wake();
    await pass(0);
    rounds.wake();
    rounds.wake();
    await endRound();
    await pass(0);
    expect(gates).toHaveLength(2);
    await endRound();
    await pass(EVERY_MS - 1);
    expect(gates).toHaveLength(2);
  });

  it('that fail are logged, and the next one comes in its time', async () => {
    rounds.wake();
    await pass(0);
    gates[0]!.reject(new Error('no database'));
    await nextTurn();
    await pass(EVERY_MS);

    expect(lines).toEqual([expect.objectContaining({ level: 40, msg: 'it did not work', err: expect.objectContaining({ message: 'no database' }) })]);
    expect(gates).toHaveLength(2);
  });

  it('that fail before they have begun are logged as loud as was asked for, and can be woken again', async () => {
    let count = 0;
    rounds = make({
      level: 'error',
      run: () => {
        count += 1;
        throw new Error('not even a promise');
      },
    });
    rounds.wake();
    await pass(0);
    rounds.wake();
    await pass(0);

    expect(lines.map(({ level }) => level)).toEqual([50, 50]);
    expect(count).toBe(2);
  });

  it('stop when the one under way has ended, and none comes after it, woken or not', async () => {
    rounds.wake();
    await pass(0);
    rounds.wake();
    let hasStopped = false;
    const stopping = rounds.stop().then(() => (hasStopped = true));
    await nextTurn();
    expect([hasStopped, rounds.isStopped]).toEqual([false, true]);

    await endRound();
    await stopping;
    rounds.wake();
    await pass(2 * EVERY_MS);
    expect(gates).toHaveLength(1);
  });
});
