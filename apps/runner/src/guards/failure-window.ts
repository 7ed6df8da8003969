const SLOTS = 10;

/**
 * Calls and failures of the last `windowMs`, in ten slots. Every slot that has passed is emptied, however long nothing came: what failed before a
 * quiet hour says nothing about now.
 */
export class FailureWindow {
  readonly #calls = new Uint32Array(SLOTS);
  readonly #failures = new Uint32Array(SLOTS);
  readonly #slotMs: number;
  #slot = 0;
  calls = 0;
  failures = 0;

  constructor(windowMs: number) {
    this.#slotMs = windowMs / SLOTS;
  }

  add(failed: boolean, now: number): void {
    const slot = Math.floor(now / this.#slotMs);
    if (slot !== this.#slot) this.#empty(slot);
    this.#calls[slot % SLOTS]!++;
    this.calls++;
    if (!failed) return;
    this.#failures[slot % SLOTS]!++;
    this.failures++;
  }

  clear(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.calls = 0;
    this.failures = 0;
  }

  #empty(until: number): void {
    const passed = Math.min(until - this.#slot, SLOTS);
    for (let back = 0; back < passed; back++) {
      const at = (until - back) % SLOTS;
      this.calls -= this.#calls[at]!;
      this.failures -= this.#failures[at]!;
      this.#calls[at] = 0;
      this.#failures[at] = 0;
    }
    this.#slot = until;
  }
}
