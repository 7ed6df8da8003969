import { describe, expect, it } from '@jest/globals';
import { BatchWriter } from './batch-writer.ts';

const NOW = { lingerMs: 0, maxItems: 3, isolates: (error: unknown) => error instanceof RangeError };

describe('a batch writer', () => {
  it('writes items that arrive together at once, and the rest in the next batches', async () => {
    const batches: number[][] = [];
    const writer = new BatchWriter<number>(async (items) => void batches.push(items), NOW);

    await Promise.all([1, 2, 3, 4].map((item) => writer.add(item)));

    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  it('lets items that arrive during a write share the next one', async () => {
    const batches: number[][] = [];
    let release = () => {};
    const writer = new BatchWriter<number>(async (items) => {
      batches.push(items);
      if (batches.length === 1) await new Promise<void>((resolve) => (release = resolve));
    }, NOW);

    const first = writer.add(1);
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const others = [writer.add(2), writer.add(3)];
    release();
    await Promise.all([first, ...others]);

    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('lets items wait no longer than its patience behind a slow write', async () => {
    const batches: number[][] = [];
    const slow = Promise.withResolvers<void>();
    const writer = new BatchWriter<number>(
      async (items) => {
        batches.push(items);
        if (batches.length === 1) await slow.promise;
      },
      { ...NOW, patienceMs: 1 },
    );

    const first = writer.add(1);
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await writer.add(2);
    slow.resolve();
    await first;

    expect(batches).toEqual([[1], [2]]);
  });

  it('rejects every item of a batch that the store could not take', async () => {
    const writer = new BatchWriter<number>(async () => Promise.reject(new Error('away')), NOW);

    const ended = await Promise.allSettled([writer.add(1), writer.add(2)]);

    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('stores the others when one item is at fault', async () => {
    const stored: number[] = [];
    const writer = new BatchWriter<number>(async (items) => {
      if (items.includes(2)) throw new RangeError('2 is at fault');
      stored.push(...items);
    }, NOW);

    const ended = await Promise.allSettled([writer.add(1), writer.add(2), writer.add(3)]);

    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(stored).toEqual([1, 3]);
  });

  it('is empty after a flush, whatever the linger', async () => {
    const stored: number[] = [];
    const writer = new BatchWriter<number>(async (items) => void stored.push(...items), { ...NOW, lingerMs: 60_000 });
    const added = writer.add(1);

    await writer.flush();

    await added;
    expect([stored, writer.size]).toEqual([[1], 0]);
  });
});
