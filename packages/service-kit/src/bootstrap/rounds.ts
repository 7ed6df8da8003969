import type { Logger } from 'pino';

export interface RoundsOptions {
  /** Milliseconds from the end of a round to the beginning of the next one. */
  everyMs: number;
  /** One round. */
  run: () => Promise<unknown>;
  logger: Logger;
  /** What is logged when a round rejects, with `err`; the next round tries again. */
  trouble: string;
  /** How loud `trouble` is. Default `warn`. */
  level?: 'warn' | 'error';
}

/**
 * Work that a process does again and again by itself, never twice at the same time. A class that owns one begins it with `start` or `wake` when
 * the application has started, and waits for `stop` before it shuts down.
 */
export class Rounds {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  #isWoken = false;
  #isStopped = false;

  constructor(private readonly options: RoundsOptions) {}

  /** The first round begins when `everyMs` have passed. */
  start(): void {
    this.#plan(this.options.everyMs);
  }

  /** A round begins now, or right after the one that is under way: that one may have looked already. However often it is called, one. */
  wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    if (!this.#isRunning) this.#plan(0);
  }

  /** Resolves when the round under way has ended; there is none after it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** For a round that is long: it should come to an end. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  #plan(inMs: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#round();
    }, inMs);
  }

  async #round(): Promise<void> {
    const { run, logger, trouble, level = 'warn', everyMs } = this.options;
    this.#isRunning = true;
    this.#isWoken = false;
    try {
      await run();
    } catch (err) {
      logger[level]({ err }, trouble);
    }
    this.#isRunning = false;
    this.#plan(this.#isWoken ? 0 : everyMs);
  }
}
