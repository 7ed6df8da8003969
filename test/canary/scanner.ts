import type { Canary } from './canaries.ts';
import { PatternSearch, SHORTEST, type Pattern } from './pattern-search.ts';
import { decoded, spellingsOf } from './spellings.ts';

/** A secret, or a part of one, where none may be. */
export interface Hit {
  place: string;
  /** The file, table, subject or route. */
  where: string;
  canary: Canary;
  spelling: string;
  /** What stands around it, with what was found masked. */
  around: string;
}

/** Ten hexadecimal digits are found by chance among the ids of a large trace store; of twenty it takes longer than the universe is old. */
const HEX_CHARACTERS = 20;
const HEX = /^[a-z]{0,3}_?[0-9a-f]+$/;
/** Of other spellings than the secret itself every sixth window: fifteen characters of them are found wherever they begin. */
const STRIDE = 6;
const AROUND_BYTES = 60;
const MOST_HITS_KEPT = 2_000;

interface Wanted {
  canary: Canary;
  spelling: string;
}

/** Looks for secrets, whole or ten characters of one (fifteen where they are encoded), and remembers where it looked. */
export class Scanner {
  readonly hits: Hit[] = [];
  /** Bytes looked at, by place. */
  readonly places = new Map<string, number>();
  /** Hits by place and kind, of which the first are kept in `hits`. */
  readonly counts = new Map<string, Map<string, number>>();
  readonly #wanted: Wanted[] = [];
  readonly #search: PatternSearch;

  /** How many were where they have to be. */
  allowed = 0;
  readonly #mayBe: (hit: Pick<Hit, 'place' | 'where' | 'canary'>) => boolean;

  constructor(canaries: readonly Canary[], mayBe: (hit: Pick<Hit, 'place' | 'where' | 'canary'>) => boolean = () => false) {
    this.#mayBe = mayBe;
    const patterns = new Map<string, Pattern>();
    // Spellings share most of their parts: a part is named after the first that has it, and the first is the secret as it is.
    for (const pattern of canaries.flatMap((canary) => this.#patternsOf(canary)).toReversed()) patterns.set(pattern.bytes.toString('latin1'), pattern);
    this.#search = new PatternSearch([...patterns.values()]);
  }

  /** The bytes are looked at as they are, and with their escapes decoded. */
  scan(place: string, where: string, bytes: Buffer): void {
    this.places.set(place, (this.places.get(place) ?? 0) + bytes.length);
    const seen = this.#scan(place, where, bytes, '', new Set());
    const plain = decoded(bytes);
    if (plain) this.#scan(place, where, plain, ', escaped', seen);
  }

  get total(): number {
    return [...this.counts.values()].flatMap((kinds) => [...kinds.values()]).reduce((sum, count) => sum + count, 0);
  }

  /** Leaves out what was found before it was decoded, and returns what it found. */
  #scan(place: string, where: string, bytes: Buffer, how: string, known: ReadonlySet<Canary>): Set<Canary> {
    /** Windows of one occurrence overlap: the end of the last one, by secret. */
    const ends = new Map<Canary, number>();
    this.#search.search(bytes, (id, at, length) => {
      const { canary, spelling } = this.#wanted[id]!;
      const isSame = at <= (ends.get(canary) ?? -1);
      ends.set(canary, at + length);
      if (isSame || known.has(canary)) return;
      if (this.#mayBe({ place, where, canary })) {
        this.allowed += 1;
        return;
      }
      const kinds = this.counts.get(place) ?? new Map<string, number>();
      this.counts.set(place, kinds.set(canary.kind, (kinds.get(canary.kind) ?? 0) + 1));
      if (this.hits.length < MOST_HITS_KEPT) this.hits.push({ place, where, canary, spelling: spelling + how, around: around(bytes, at) });
    });
    return new Set(ends.keys());
  }

  #patternsOf(canary: Canary): Pattern[] {
    return spellingsOf(canary.value).flatMap(({ name, bytes }) => {
      const id = this.#wanted.push({ canary, spelling: name }) - 1;
      const length = name === 'hex' || HEX.test(canary.value) ? HEX_CHARACTERS : SHORTEST;
      if (bytes.length < length) throw new Error(`The ${canary.part} of ${canary.kind} is too short to be looked for.`);
      const windows = Array.from({ length: bytes.length - length + 1 }, (_, at) => ({ id, bytes: bytes.subarray(at, at + length) }));
      return name === 'raw' ? windows : windows.filter((_, at) => at % STRIDE === 0);
    });
  }
}

function around(bytes: Buffer, at: number): string {
  const before = bytes.toString('latin1', Math.max(0, at - AROUND_BYTES), at);
  const after = bytes.toString('latin1', at, at + 2 * AROUND_BYTES).replace(/^[A-Za-z0-9+/=_"\\%-]+/, (found) => `[${found.length} characters]`);
  return (before + after).replaceAll(/[^\x20-\x7e]+/g, ' ');
}
