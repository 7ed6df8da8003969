import type { Logger } from 'pino';

export interface RoundsOptions {
  everyMs: number;
  /** One round; a rejection is logged as `trouble`, and the next round tries again. */
  run: () => Promise<unknown>;
  logger: Logger;
  trouble: string;
}

/** Work that is done again and again, never twice at the same time. */
export class Rounds {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: RoundsOptions) {}

  /** A round begins now, or right after the one that is under way. */
  wake(): void {
    this.#schedule(0);
  }

  /** Resolves when the round under way has ended; there is none after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  #schedule(inMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.#round());
    }, inMs);
  }

  async #round(): Promise<void> {
    const { run, logger, trouble, everyMs } = this.options;
    // Planned before the work: a wake during it must not be lost behind its end.
    this.#schedule(everyMs);
    await run().catch((err: unknown) => logger.warn({ err }, trouble));
  }
}
