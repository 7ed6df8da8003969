import { Injectable } from '@nestjs/common';
import type { Attempt, Seal } from '@patchbay/contracts/runner';
import { monotonicClock } from '../guards/clock.ts';
import { RecentMap } from '../guards/recent-map.ts';
import type { StoredSeal } from '../tables/invocation.table.ts';
import type { InvocationRow } from './invocation-rows.ts';
import { linkHash, sealedContent } from './seal-chain.ts';
import { RunnerLease } from './runner-lease.ts';

/** Longer than any call. */
const KEPT = { idleMs: 14_400_000, maxKeys: 100_000 };

/** The hash chains of sessions at this runner: whoever changes, removes or adds a record later breaks one. */
@Injectable()
export class Seals {
  readonly #chains = new RecentMap<{ sequence: number; hash: Seal['hash'] }>(KEPT, monotonicClock);

  constructor(private readonly lease: RunnerLease) {}

  /** Makes the end of an invocation the next link of its session's chain. */
  seal(row: InvocationRow, attempts: readonly Attempt[]): void {
    row.facts!.seal = this.next(row.org_id, row.session_id, sealedContent(row, attempts));
  }

  /** The next link of the session's chain. */
  next(organizationId: string, sessionId: string, content: string): StoredSeal {
    const chain = this.#chains.at(`${organizationId} ${sessionId}`, () => ({ sequence: 0, hash: '' }));
    const previous = chain.hash;
    chain.sequence++;
    chain.hash = linkHash(previous, content);
    return { chain: this.lease.runnerId, sequence: chain.sequence, previous, hash: chain.hash };
  }

  /** A link that was not stored after all: the next one takes its place, unless another has followed it already. */
  takeBack(organizationId: string, sessionId: string, { sequence, previous, hash }: StoredSeal): void {
    const chain = this.#chains.find(`${organizationId} ${sessionId}`);
    if (chain?.hash !== hash) return;
    chain.sequence = sequence - 1;
    chain.hash = previous;
  }
}
