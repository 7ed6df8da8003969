import { Future, wait, type Task } from './future.ts';
import type { Noise } from './noise.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualProcess } from './virtual-process.ts';

const WAY_MS = { least: 0.2, most: 4 };
/** A commit that waits for a disk or a lock. */
const SLOW_WAY_MS = { least: 50, most: 700 };
const SLOW_CHANCE = 0.03;
/** A commit that a replica or a disk holds up; others see its rows only afterwards. */
const STALL_MS = { least: 500, most: 9_000 };
const STALL_CHANCE = 0.01;

/** What a write looks at when it begins, and does when it commits; `begunAt` is the clock of its transaction. */
export interface Commit<T> {
  isAllowed: (begunAt: number) => boolean;
  apply: (now: number) => T;
  /** What it says where it was not allowed. */
  refused: T;
}

/** The way between one runner and the database: it takes time, and an outage loses questions as well as answers. */
export class DatabaseLink {
  #isDown = false;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly process: VirtualProcess,
    private readonly noise: Noise,
  ) {}

  breakFor(ms: number): void {
    this.#isDown = true;
    this.clock.after(ms, () => {
      this.#isDown = false;
      for (const run of this.#waiting.splice(0)) run();
    });
  }

  get isUp(): boolean {
    return !this.#isDown;
  }

  query<T>(statement: (now: number) => T): Future<T> {
    const answer = new Future<T>();
    this.clock.after(this.#wayMs(), () => this.#arrive(() => this.#execute(statement, answer), answer));
    return answer;
  }

  /** A single statement that commits: it looks when it arrives, and its rows are there a while later. */
  write<T>(commit: Commit<T>): Future<T> {
    const answer = new Future<T>();
    this.clock.after(this.#wayMs(), () => this.#arrive(() => this.#commit(commit.isAllowed(this.clock.now), commit, answer), answer));
    return answer;
  }

  /** A transaction of three statements: whatever stops its process between them, its clock stands still, and a death takes it back. */
  *transact<T>(commit: Commit<T>, onBegun: () => void): Task<T> {
    const begunAt = yield* wait(this.query((now) => now));
    onBegun();
    yield* wait(this.query(() => undefined));
    const isAllowed = yield* wait(this.query(() => commit.isAllowed(begunAt)));
    return yield* wait(this.write({ ...commit, isAllowed: () => isAllowed }));
  }

  #commit<T>(isAllowed: boolean, { apply, refused }: Commit<T>, answer: Future<T>): void {
    if (!isAllowed) return this.#execute(() => refused, answer);
    const { least, most } = STALL_MS;
    this.clock.after(this.noise.isLikely(STALL_CHANCE) ? this.noise.between(least, most) : 0, () => this.#execute(apply, answer));
  }

  #arrive(execute: () => void, answer: Pick<Future<unknown>, 'reject'>): void {
    if (!this.#isDown) execute();
    // A broken connection is noticed at once, or its question waits in the network until the way is open again.
    else if (this.noise.isLikely(0.5)) this.process.deliver(() => answer.reject(new Error('the database is away')));
    else this.#waiting.push(execute);
  }

  #execute<T>(statement: (now: number) => T, answer: Future<T>): void {
    let settle: () => void;
    try {
      const value = statement(this.clock.now);
      settle = () => answer.resolve(value);
    } catch (error) {
      settle = () => answer.reject(error);
    }
    this.clock.after(this.#wayMs(), () => {
      // It happened, but whoever asked does not learn of it.
      if (this.#isDown) settle = () => answer.reject(new Error('the connection to the database was lost'));
      this.process.deliver(settle);
    });
  }

  #wayMs(): number {
    const { least, most } = this.noise.isLikely(SLOW_CHANCE) ? SLOW_WAY_MS : WAY_MS;
    return this.noise.between(least, most);
  }
}
