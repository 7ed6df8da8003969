/** A text of at least `SHORTEST` bytes. */
export interface Pattern {
  bytes: Buffer;
  /** What to answer when it is found. */
  id: number;
}

/** Shorter ones would be found by chance, and make the search slow. */
export const SHORTEST = 10;
const BLOCK = 4;
const HASH_BITS = 20;

/**
 * Finds many texts in one pass: thousands of spellings of all secrets would make as many passes over hundreds of megabytes. The algorithm is
 * Wu and Manber's (1994): from the last bytes of a window it is known how far the next occurrence is away at least.
 */
export class PatternSearch {
  readonly #shifts = new Uint8Array(1 << HASH_BITS).fill(SHORTEST - BLOCK + 1);
  readonly #byPrefix = new Map<string, Pattern[]>();

  constructor(patterns: Pattern[]) {
    for (const pattern of patterns) this.#add(pattern);
  }

  /** Calls back with the id and the place of each occurrence, in order. */
  search(bytes: Buffer, found: (id: number, at: number, length: number) => void): void {
    const shifts = this.#shifts;
    for (let end = SHORTEST - 1; end < bytes.length;) {
      const shift = shifts[hash(bytes, end)]!;
      if (shift > 0) {
        end += shift;
        continue;
      }
      const at = end - SHORTEST + 1;
      for (const { id, bytes: wanted } of this.#byPrefix.get(bytes.toString('latin1', at, end + 1)) ?? []) {
        if (wanted.length === SHORTEST || wanted.equals(bytes.subarray(at, at + wanted.length))) found(id, at, wanted.length);
      }
      end += 1;
    }
  }

  #add(pattern: Pattern): void {
    const { bytes } = pattern;
    if (bytes.length < SHORTEST) throw new Error(`A pattern has ${bytes.length} bytes; the shortest may have ${SHORTEST}.`);
    for (let end = BLOCK - 1; end < SHORTEST; end++) {
      const key = hash(bytes, end);
      this.#shifts[key] = Math.min(this.#shifts[key]!, SHORTEST - 1 - end);
    }
    const prefix = bytes.toString('latin1', 0, SHORTEST);
    this.#byPrefix.set(prefix, [...(this.#byPrefix.get(prefix) ?? []), pattern]);
  }
}

/** Of the four bytes that end here, by Knuth's multiplication. Three would not do: the spellings of forty secrets have most of what three letters can be. */
function hash(bytes: Buffer, end: number): number {
  const block = bytes[end - 3]! | (bytes[end - 2]! << 8) | (bytes[end - 1]! << 16) | (bytes[end]! << 24);
  return Math.imul(block, 0x9e3779b1) >>> (32 - HASH_BITS);
}
