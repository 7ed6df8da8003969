import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LargeAnswers, isLarge } from './large-answers.ts';
import type { Answered } from './send-result.ts';
import { compileResponse } from './shape-response.ts';

function answered(body: unknown, status = 200): Answered {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    kind: 'answered',
    status,
    headers: { 'content-type': 'application/json' },
    body: bytes,
    wireBytes: bytes.length,
    decodedBytes: bytes.length,
    redirectRefused: false,
    timings: { totalMs: 1, reusedConnection: true },
  };
}

describe('large answers', () => {
  let large: LargeAnswers;

  beforeEach(() => {
    large = new LargeAnswers();
    large.start();
  });

  afterEach(() => large.close());

  const orders = {
    hint: 'there are more',
    orders: Array.from({ length: 4_000 }, (_, id) => ({ id, status: 'sent', note: 'x'.repeat(100) })),
  };

  it('are those above 256 KiB', () => {
    expect(isLarge(answered('x'.repeat(262_144)))).toBe(false);
    expect(isLarge(answered('x'.repeat(262_145)))).toBe(true);
  });

  it('are shaped as small ones are, except that the body stays behind', async () => {
    const rules = { pick: ['orders.7.id', 'total'], say: 'Order {{ result.orders[0].id }} for {{ arguments.name }}.' };
    const args = { name: 'Zoë' };
    const answer = answered(orders);

    const shaped = await large.shape(rules, answer, args);

    expect(shaped).toEqual({ ...compileResponse(rules)(answer, args), body: { hint: 'there are more' } });
    expect(shaped).toMatchObject({ result: { orders: [{ id: 7 }] }, say: 'Order 7 for Zoë.', missing: ['total'] });
  });

  it('are shaped one after the other, without rules too', async () => {
    const [first, second] = await Promise.all([
      large.shape(undefined, answered(orders), {}),
      large.shape(undefined, answered('{"a":', 200), {}),
    ]);

    expect(first.kind).toBe('success');
    expect(String(first.result)).toMatch(/\[truncated\]$/);
    expect(second).toMatchObject({ kind: 'unreadable', problem: 'the answer is not valid JSON' });
  });

  it('let other work go on while they are read', async () => {
    let turns = 0;
    let done = false;
    const shaping = large.shape(undefined, answered(orders), {}).finally(() => (done = true));
    await new Promise<void>((resolve) => {
      const turn = (): void => {
        turns++;
        if (done) resolve();
        else setImmediate(turn);
      };
      turn();
    });

    await shaping;
    expect(turns).toBeGreaterThan(10);
  });

  it('are unreadable when the thread ends, and the next ones are read by another', async () => {
    const lost = large.shape(undefined, answered(orders), {});
    await large.close();

    expect(await lost).toMatchObject({ kind: 'unreadable', problem: 'the answer could not be read in time' });
    expect(await large.shape({ pick: ['hint'] }, answered(orders), {})).toMatchObject({
      kind: 'success',
      result: { hint: 'there are more' },
    });
  });

  it('are unreadable when their rules do not compile', async () => {
    expect(await large.shape({ success: 'nope' }, answered(orders), {})).toMatchObject({ kind: 'unreadable' });
  });
});
