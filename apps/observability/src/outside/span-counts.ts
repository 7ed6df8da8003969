import { Injectable } from '@nestjs/common';

const FATES = ['stored', 'rejected', 'failed'] as const;
export type Fate = (typeof FATES)[number];

/** What became of everything that arrived, since the process started. */
@Injectable()
export class SpanCounts {
  readonly #spans: Record<Fate, number> = { stored: 0, rejected: 0, failed: 0 };
  #refusedExports = 0;

  add(fate: Fate, spans: number): void {
    this.#spans[fate] += spans;
  }

  /** An export that was not taken; it may not have been read, so that its spans are not known. */
  refuse(): void {
    this.#refusedExports++;
  }

  /** Prometheus' text format. */
  toText(): string {
    return [
      '# HELP patchbay_otlp_spans_total Spans that were stored, that cannot be stored (rejected), or whose batch the database did not store (failed).',
      '# TYPE patchbay_otlp_spans_total counter',
      ...FATES.map((fate) => `patchbay_otlp_spans_total{fate="${fate}"} ${this.#spans[fate]}`),
      '# HELP patchbay_otlp_refused_exports_total Exports that were told to come back because too many spans were waiting.',
      '# TYPE patchbay_otlp_refused_exports_total counter',
      `patchbay_otlp_refused_exports_total ${this.#refusedExports}`,
      '',
    ].join('\n');
  }
}
