import { Injectable } from '@nestjs/common';
import { Metrics } from '@patchbay/service-kit/telemetry/metrics';

/**
 * `refreshed`: there are newer tokens. `superseded`: somebody else had newer ones first. `failed`: it will be tried again. `refused`: only a
 * person can mend it.
 */
const OUTCOMES = ['refreshed', 'superseded', 'failed', 'refused'] as const;
export type RefreshOutcome = (typeof OUTCOMES)[number];

/** What became of the tokens that this process tried to renew. */
@Injectable()
export class RefreshMetrics {
  readonly #refreshes;

  constructor(metrics: Metrics) {
    this.#refreshes = metrics.counter({ name: 'patchbay_token_refreshes_total', help: 'Exchanges of OAuth tokens, by what came of them.', labels: ['outcome'] });
    // What has not happened is 0, not missing: a rate needs a beginning.
    for (const outcome of OUTCOMES) this.#refreshes.inc({ outcome }, 0);
  }

  ended(outcome: RefreshOutcome): void {
    this.#refreshes.inc({ outcome });
  }
}
