/** Gives the place back; to be called once the request has ended, however it ended. */
export type Release = () => void;

export interface BulkheadRules {
  /** Requests under way at once to one provider over one account. */
  concurrent: number;
  /** How many may wait for a place; the next one is refused at once. */
  queue: number;
  /** How long one may wait, in milliseconds. */
  queueMs: number;
}

export interface BulkheadCall {
  providerKey: string;
  toolId: string;
  /** `limits.concurrent` of the function: a narrower room of its own, inside the provider's. */
  concurrent?: number | undefined;
  /** Of the deadline; nobody waits longer than that. */
  leftMs?: number;
}

/** No place at once is null; a place that may still come is a promise of either. */
export type Entry = Release | null | Promise<Release | null>;

interface Waiting {
  admit: (release: Release | null) => void;
  timer: NodeJS.Timeout;
}
interface Room {
  inFlight: number;
  waiting: Waiting[];
}

/** One slow provider holds its own places and nobody else's; what does not fit is refused before it queues up. */
export class Bulkhead {
  // Only rooms with somebody in them: memory is bounded by what is under way.
  readonly #rooms = new Map<string, Room>();

  constructor(private readonly rules: BulkheadRules) {}

  get rooms(): number {
    return this.#rooms.size;
  }

  enter({ providerKey, toolId, concurrent, leftMs = Infinity }: BulkheadCall): Entry {
    const waitMs = Math.min(this.rules.queueMs, leftMs);
    const provider = () => this.#enter(providerKey, this.rules.concurrent, waitMs);
    if (concurrent === undefined) return provider();
    const tool = this.#enter(`${providerKey} ${toolId}`, concurrent, waitMs);
    return tool instanceof Promise ? tool.then((held) => enterInside(held, provider)) : enterInside(tool, provider);
  }

  #enter(key: string, limit: number, waitMs: number): Entry {
    let room = this.#rooms.get(key);
    if (room === undefined) this.#rooms.set(key, (room = { inFlight: 0, waiting: [] }));
    if (room.inFlight < limit) {
      room.inFlight++;
      return this.#releaseOf(key, room);
    }
    if (room.waiting.length >= this.rules.queue || waitMs <= 0) return null;
    return waitIn(room, waitMs);
  }

  #releaseOf(key: string, room: Room): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = room.waiting.shift();
      if (next) {
        clearTimeout(next.timer);
        next.admit(this.#releaseOf(key, room));
      } else if (--room.inFlight === 0) {
        this.#rooms.delete(key);
      }
    };
  }
}

function waitIn(room: Room, waitMs: number): Promise<Release | null> {
  return new Promise((admit) => {
    const waiting: Waiting = {
      admit,
      timer: setTimeout(() => {
        room.waiting.splice(room.waiting.indexOf(waiting), 1);
        admit(null);
      }, waitMs),
    };
    room.waiting.push(waiting);
  });
}

function enterInside(held: Release | null, enter: () => Entry): Entry {
  if (held === null) return null;
  const inner = enter();
  return inner instanceof Promise ? inner.then((release) => both(held, release)) : both(held, inner);
}

function both(outer: Release, inner: Release | null): Release | null {
  if (inner === null) {
    outer();
    return null;
  }
  return () => {
    inner();
    outer();
  };
}
