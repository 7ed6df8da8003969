import type { AuditEntry } from '@patchbay/contracts/audit';

/** SHA-256, in hex, over the canonical JSON of a value. */
export type HashOf = (value: unknown) => string;

export interface ChainEnd {
  /** 0 before the first entry. */
  sequence: number;
  hash: string;
}

/** What the first entry follows: it belongs to one organization, so that a chain cannot be handed to another. */
export function chainStart(organizationId: string, hashOf: HashOf): ChainEnd {
  return { sequence: 0, hash: hashOf({ organizationId }) };
}

export function appendTo(end: ChainEnd, entry: Omit<AuditEntry, 'sequence' | 'previous' | 'hash'>, hashOf: HashOf): AuditEntry {
  const linked = { ...entry, sequence: end.sequence + 1, previous: end.hash };
  return { ...linked, hash: hashOf(linked) };
}

/** Walks a chain from its start and stops at the first entry that was changed, moved, or is missing. */
export class ChainCheck {
  #end: ChainEnd;
  #entries = 0;
  #brokenAt: number | null = null;

  constructor(
    organizationId: string,
    private readonly hashOf: HashOf,
  ) {
    this.#end = chainStart(organizationId, hashOf);
  }

  /** Entries in the order of their sequence. */
  take(entries: AuditEntry[]): void {
    for (const entry of entries) {
      this.#entries++;
      if (this.#brokenAt === null && !this.#follows(entry)) this.#brokenAt = this.#end.sequence + 1;
      if (this.#brokenAt === null) this.#end = { sequence: entry.sequence, hash: entry.hash };
    }
  }

  /** `head` is the hash of the last entry before a break. */
  get result(): { entries: number; intact: boolean; brokenAt: number | null; head: string } {
    return { entries: this.#entries, intact: this.#brokenAt === null, brokenAt: this.#brokenAt, head: this.#end.hash };
  }

  #follows({ hash, ...rest }: AuditEntry): boolean {
    return rest.sequence === this.#end.sequence + 1 && rest.previous === this.#end.hash && hash === this.hashOf(rest);
  }
}
