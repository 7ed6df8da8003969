/** Holds those who come to it until it is opened, and tells when so many have come. */
export class Gate {
  readonly #opened = Promise.withResolvers<void>();
  readonly #awaited: { arrivals: number; resolve: () => void }[] = [];
  #arrivals = 0;

  /** Comes to the gate; resolves when it is open. */
  async pass(): Promise<void> {
    this.#arrivals++;
    for (const { arrivals, resolve } of this.#awaited) if (this.#arrivals >= arrivals) resolve();
    await this.#opened.promise;
  }

  open(): void {
    this.#opened.resolve();
  }

  /** Resolves when so many have come. */
  async arrived(arrivals = 1): Promise<void> {
    if (this.#arrivals >= arrivals) return;
    await new Promise<void>((resolve) => this.#awaited.push({ arrivals, resolve }));
  }
}
