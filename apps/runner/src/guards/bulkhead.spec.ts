import { describe, expect, it } from '@jest/globals';
import { Bulkhead, type BulkheadCall, type Entry, type Release } from './bulkhead.ts';

/** Long enough that nothing ends by waiting. */
const PATIENT_MS = 60_000;
const CALL: BulkheadCall = { providerKey: 'org_a conn_a api.example.com', toolId: 'tool_a' };

function bulkhead({ concurrent = 2, queue = 1, queueMs = PATIENT_MS } = {}): Bulkhead {
  return new Bulkhead({ concurrent, queue, queueMs });
}

function atOnce(entry: Entry): Release {
  if (typeof entry !== 'function') throw new Error('there was no place at once');
  return entry;
}

describe('a bulkhead', () => {
  it('has as many places as it may, and they can be used again', () => {
    const rooms = bulkhead({ queue: 0 });
    const [first, second] = [atOnce(rooms.enter(CALL)), atOnce(rooms.enter(CALL))];

    expect(rooms.enter(CALL)).toBeNull();
    first();
    second();
    expect([atOnce(rooms.enter(CALL)), atOnce(rooms.enter(CALL))]).toHaveLength(2);
    expect(rooms.enter(CALL)).toBeNull();
  });

  it('gives a place back once, however often it is released', () => {
    const rooms = bulkhead({ queue: 0 });
    const first = atOnce(rooms.enter(CALL));
    atOnce(rooms.enter(CALL));
    first();
    first();

    atOnce(rooms.enter(CALL));
    expect(rooms.enter(CALL)).toBeNull();
  });

  it('keeps one provider from using up the places of another', () => {
    const rooms = bulkhead({ concurrent: 1, queue: 0 });
    atOnce(rooms.enter(CALL));

    expect(rooms.enter(CALL)).toBeNull();
    atOnce(rooms.enter({ ...CALL, providerKey: 'org_a conn_b api.example.com' }));
  });

  it('lets those who wait in by their turn, and refuses at once whom it has no room to wait for', async () => {
    const rooms = bulkhead({ concurrent: 1, queue: 2 });
    const first = atOnce(rooms.enter(CALL));
    const waiting = [rooms.enter(CALL), rooms.enter(CALL)];

    expect(rooms.enter(CALL)).toBeNull();
    first();
    const second = (await waiting[0]) as Release;
    expect(rooms.enter(CALL)).toBeInstanceOf(Promise);
    second();
    expect(await waiting[1]).toBeInstanceOf(Function);
    ((await waiting[1]) as Release)();
    // The fourth waited in the place that the second left in the queue; it holds the only place now.
    expect(rooms.rooms).toBe(1);
  });

  it('refuses who has waited long enough, and keeps nothing for him', async () => {
    const rooms = bulkhead({ concurrent: 1, queueMs: 1 });
    const first = atOnce(rooms.enter(CALL));

    expect(await rooms.enter(CALL)).toBeNull();
    first();
    expect(rooms.rooms).toBe(0);
  });

  it('lets nobody wait longer than the deadline', async () => {
    const rooms = bulkhead({ concurrent: 1 });
    atOnce(rooms.enter(CALL));

    expect(await rooms.enter({ ...CALL, leftMs: 1 })).toBeNull();
    expect(rooms.enter({ ...CALL, leftMs: 0 })).toBeNull();
  });

  it('gives a tool its own narrower room inside that of the provider', () => {
    const rooms = bulkhead({ concurrent: 3, queue: 0 });
    const narrow = { ...CALL, concurrent: 1 };
    const release = atOnce(rooms.enter(narrow));

    expect(rooms.enter(narrow)).toBeNull();
    atOnce(rooms.enter({ ...CALL, toolId: 'tool_b' }));
    atOnce(rooms.enter({ ...CALL, toolId: 'tool_b' }));
    expect(rooms.enter({ ...CALL, toolId: 'tool_b' })).toBeNull();
    release();
    atOnce(rooms.enter(narrow));
  });

  it('does not hold the room of a tool for whom the provider has none', async () => {
    const rooms = bulkhead({ concurrent: 1, queue: 1, queueMs: 1 });
    const narrow = { ...CALL, concurrent: 1 };
    const provider = atOnce(rooms.enter(CALL));

    expect(await rooms.enter(narrow)).toBeNull();
    provider();
    const release = atOnce(rooms.enter(narrow));
    release();
    expect(rooms.rooms).toBe(0);
  });

  it('waits for the room of the tool and then for that of the provider', async () => {
    const rooms = bulkhead({ concurrent: 2, queue: 1 });
    const narrow = { ...CALL, concurrent: 1 };
    const tool = atOnce(rooms.enter(narrow));
    const other = atOnce(rooms.enter(CALL));
    const entry = rooms.enter(narrow);
    tool();
    const release = (await entry) as Release;

    release();
    other();
    expect(rooms.rooms).toBe(0);
  });

  it('lets 200 calls to one provider through at once as it is set by default', () => {
    const rooms = bulkhead({ concurrent: 256, queue: 8 });

    const releases = Array.from({ length: 200 }, () => atOnce(rooms.enter(CALL)));
    for (const release of releases) release();
    expect(rooms.rooms).toBe(0);
  });
});
