interface Entry {
  at: number;
  order: number;
  run: () => void;
}

/** Time that passes only from one event to the next; events of the same moment happen in the order they were planned. */
export class VirtualClock {
  now = 0;
  readonly #heap: Entry[] = [];
  #planned = 0;

  after(ms: number, run: () => void): void {
    const heap = this.#heap;
    let at = heap.push({ at: this.now + Math.max(0, ms), order: this.#planned++, run }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  runUntil(ms: number): void {
    for (let next = this.#heap[0]; next && next.at <= ms; next = this.#heap[0]) {
      this.#removeFirst();
      this.now = next.at;
      next.run();
    }
    this.now = ms;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const least = left + 1 < heap.length && isBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
      if (!isBefore(heap[least]!, heap[at]!)) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
