interface Entry<T> {
  item: T;
  stored: () => void;
  failed: (error: unknown) => void;
}

export interface BatchOptions {
  /** How long the first item of a batch waits for company, in milliseconds; 0 = until the end of this turn of the event loop. */
  lingerMs: number;
  maxItems: number;
  /** True when one item is at fault and not the store: then each is written alone, so that one cannot take the others with it. */
  isolates: (error: unknown) => boolean;
}

/**
 * Group commit: items that arrive together, or while a write is under way, share the next write. One write at a time, so that
 * batches grow under load and a lone item pays nothing for it.
 */
export class BatchWriter<T> {
  #waiting: Entry<T>[] = [];
  #writing: Promise<void> | undefined;
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
      if (!this.#writing) this.#schedule();
    });
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    while (this.#writing || this.#waiting.length > 0) await (this.#writing ?? this.#start());
  }

  #schedule(): void {
    if (this.#timer) return;
    const start = () => void this.#start();
    this.#timer = this.options.lingerMs > 0 ? setTimeout(start, this.options.lingerMs) : setImmediate(start);
  }

  #start(): Promise<void> {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
    this.#writing ??= this.#writeNext().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0) this.#schedule();
    });
    return this.#writing;
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
