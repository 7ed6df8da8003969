import { Injectable } from '@nestjs/common';
import { Metrics } from '@patchbay/service-kit/telemetry/metrics';

const FATES = ['stored', 'rejected', 'failed'] as const;
export type Fate = (typeof FATES)[number];

/** What became of everything that arrived, since the process started. */
@Injectable()
export class SpanCounts {
  readonly #spans;
  readonly #refusedExports;

  constructor(metrics: Metrics) {
    this.#spans = metrics.counter({
      name: 'patchbay_otlp_spans_total',
      help: 'Spans that were stored, that cannot be stored (rejected), or whose batch the database did not store (failed).',
      labels: ['fate'],
    });
    this.#refusedExports = metrics.counter({
      name: 'patchbay_otlp_refused_exports_total',
      help: 'Exports that were told to come back because too many spans were waiting.',
    });
    // What has not happened is 0, not missing: a rate needs a beginning.
    for (const fate of FATES) this.#spans.inc({ fate }, 0);
  }

  add(fate: Fate, spans: number): void {
    this.#spans.inc({ fate }, spans);
  }

  /** An export that was not taken; it may not have been read, so that its spans are not known. */
  refuse(): void {
    this.#refusedExports.inc();
  }
}
