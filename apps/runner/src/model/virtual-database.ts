import { Future } from './future.ts';
import type { Noise } from './noise.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualProcess } from './virtual-process.ts';

const WAY_MS = { least: 0.2, most: 4 };
/** A commit that waits for a disk or a lock. */
const SLOW_WAY_MS = { least: 50, most: 700 };
const SLOW_CHANCE = 0.03;

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
    this.clock.after(this.#wayMs(), () => this.#arrive(statement, answer));
    return answer;
  }

  #arrive<T>(statement: (now: number) => T, answer: Future<T>): void {
    if (!this.#isDown) this.#execute(statement, answer);
    // A broken connection is noticed at once, or its question waits in the network until the way is open again.
    else if (this.noise.isLikely(0.5)) this.process.deliver(() => answer.reject(new Error('the database is away')));
    else this.#waiting.push(() => this.#execute(statement, answer));
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
