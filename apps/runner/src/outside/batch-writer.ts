interface Entry<T> {
  item: T;
  stored: () => void;
  failed: (error: unknown) => void;
}

export interface BatchOptions {
  /** How long the first item of a batch waits for company, in milliseconds; 0 = until the end of this turn of the event loop. */
  lingerMs: number;
  maxItems: number;
  /** A write that takes longer no longer keeps the next batch waiting, in milliseconds; up to `MAX_WRITES` go side by side. */
  patienceMs?: number;
  /** True when one item is at fault and not the store: then each is written alone, so that one cannot take the others with it. */
  isolates: (error: unknown) => boolean;
}

/** Beyond it a slow store would only get more to do. */
const MAX_WRITES = 4;

/**
 * Group commit: items that arrive together, or while a write is under way, share the next write. One write at a time while the store is
 * quick, so that batches grow under load and a lone item pays nothing for it.
 */
export class BatchWriter<T> {
  #waiting: Entry<T>[] = [];
  readonly #writes = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  constructor(
    private readonly write: (items: T[]) => Promise<void>,
    private readonly options: BatchOptions,
  ) {}

  get size(): number {
    return this.#waiting.length;
  }

  /** Resolves when the item is stored; rejects when its batch could not be. */
  add(item: T): Promise<void> {
    return new Promise((stored, failed) => {
      this.#waiting.push({ item, stored, failed });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    while (this.#writes.size > 0 || this.#waiting.length > 0) {
      if (this.#waiting.length > 0 && this.#writes.size < MAX_WRITES) this.#start();
      await Promise.race(this.#writes);
    }
  }

  #schedule(): void {
    if (this.#timer || this.#writes.size >= MAX_WRITES) return;
    const { lingerMs, patienceMs } = this.options;
    if (this.#writes.size > 0 && patienceMs === undefined) return;
    const start = () => this.#start();
    const waitMs = this.#writes.size > 0 ? patienceMs! : lingerMs;
    this.#timer = waitMs > 0 ? setTimeout(start, waitMs) : setImmediate(start);
  }

  #start(): void {
    this.#unschedule();
    const write: Promise<void> = this.#writeNext().finally(() => {
      this.#writes.delete(write);
      this.#unschedule();
      if (this.#waiting.length > 0) this.#schedule();
    });
    this.#writes.add(write);
    if (this.#waiting.length > 0) this.#schedule();
  }

  #unschedule(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
  }

  async #writeNext(): Promise<void> {
    const batch = this.#waiting.splice(0, this.options.maxItems);
    if (batch.length === 0) return;
    try {
      await this.write(batch.map(({ item }) => item));
      for (const { stored } of batch) stored();
    } catch (error) {
      if (batch.length > 1 && this.options.isolates(error)) for (const entry of batch) await this.#writeAlone(entry);
      else for (const { failed } of batch) failed(error);
    }
  }

  async #writeAlone({ item, stored, failed }: Entry<T>): Promise<void> {
    try {
      await this.write([item]);
      stored();
    } catch (error) {
      failed(error);
    }
  }
}
