import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sweep } from '../walls/sweep.ts';
import { running } from './platform.ts';

const PATIENCE_MS = 120_000;

let sweep: Sweep;

beforeAll(async () => {
  sweep = await Sweep.prepare(process.env['PATCHBAY_STORY_DATA']!, running());
}, PATIENCE_MS);

afterAll(() => sweep.close());

describe('what belongs to an organization', () => {
  it('is there, and read by itself', async () => {
    expect(await sweep.readByOwner()).toEqual([]);
  });

  it('is neither read nor changed by another one, on any route, contract or operation of an edge', async () => {
    const { result, changed } = await sweep.changesDuring(async () => [await sweep.rest(), await sweep.contracts(), await sweep.edge()]);

    expect(result.flatMap(({ leaks }) => leaks)).toEqual([]);
    expect(changed).toEqual([]);
    expect(sweep.heard).toBe(0);
    expect(result.flatMap(({ unexercised }) => unexercised)).toEqual([]);
    expect(result.map(({ targets }) => targets > 0)).toEqual([true, true, true]);
  }, PATIENCE_MS);

  it('has subjects of its own, at which no other edge speaks or listens', async () => {
    const { open, subjects } = await sweep.subjects();

    expect(open).toEqual([]);
    expect(subjects).toBeGreaterThan(100);
  });

  it('stays out of reach of statements without any filter: row-level security alone holds', async () => {
    const { problems, empty } = await sweep.rowLevel();

    expect(problems).toEqual([]);
    // Written by a judge of words that this story does not move; everything else has a row that could be reached.
    expect(empty.filter((table) => table !== 'calls.claims')).toEqual([]);
  });
});
