import { SWEEP_AGAIN_MS, SWEEPS } from '../outside/runner.repository.ts';
import type { LeaseRow } from './rows.ts';
import type { Safeguards } from './safeguards.ts';

/** Which runners live, by the database's clock: the table `runners`. */
export class VirtualLeases {
  readonly #leases = new Map<string, LeaseRow>();

  constructor(private readonly safeguards: Safeguards) {}

  renew(runnerId: string, until: number): void {
    this.#leases.set(runnerId, { until, sweeps: 0 });
  }

  /** `exists (select 1 from runners …)`: what nobody would sweep is not committed. */
  mayCommit(runnerId: string, begunAt: number): boolean {
    const lease = this.#leases.get(runnerId);
    return !this.safeguards.leaseInLedger || (lease !== undefined && lease.until > begunAt);
  }

  listDead(now: number): string[] {
    return [...this.#leases].filter(([, lease]) => isOver(lease, now)).map(([runnerId]) => runnerId);
  }

  hasDead(now: number): boolean {
    for (const lease of this.#leases.values()) if (isOver(lease, now)) return true;
    return false;
  }

  /** After the last sweep they are forgotten. */
  noteSwept(runnerIds: Iterable<string>): void {
    for (const runnerId of runnerIds) {
      const lease = this.#leases.get(runnerId)!;
      lease.sweeps++;
      if (lease.sweeps >= (this.safeguards.sweepsAgain ? SWEEPS : 1)) this.#leases.delete(runnerId);
    }
  }
}

/** A dead runner is swept again a while later: what it had begun may have been committed after the first sweep. */
function isOver({ until, sweeps }: LeaseRow, now: number): boolean {
  return until + sweeps * SWEEP_AGAIN_MS < now;
}
