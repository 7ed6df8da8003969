import { Injectable } from '@nestjs/common';
import { Metrics } from '@patchbay/service-kit/telemetry/metrics';

/** How often agents say what is not so. */
@Injectable()
export class ClaimMetrics {
  readonly #unbacked;
  readonly #unchecked;

  constructor(metrics: Metrics) {
    this.#unbacked = metrics.counter({
      name: 'patchbay_unbacked_claims_total',
      help: 'Claims of agents that nothing backs, by what was claimed; those of a turn that is reported again count again.',
      labels: ['effect'],
    });
    this.#unchecked = metrics.counter({
      name: 'patchbay_unchecked_turns_total',
      help: 'Turns with claims that could not be checked, because the runner did not say in time what happened.',
    });
  }

  /** Of the closed list `CLAIM_EFFECTS`. */
  unbacked(effects: string[]): void {
    for (const effect of effects) this.#unbacked.inc({ effect });
  }

  unchecked(): void {
    this.#unchecked.inc();
  }
}
