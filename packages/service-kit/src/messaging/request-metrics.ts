import type { ServiceErrorCode } from '@patchbay/contracts/errors';
import type { Counter } from 'prom-client';
import type { Durations, Metrics } from '../telemetry/metrics.ts';

export type AnswerCode = 'ok' | ServiceErrorCode;

/** From what a cache answers to the longest that anybody waits for an answer. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What was asked of this process over NATS, and how it was answered. */
export class RequestMetrics {
  readonly #answers: Counter<'subject' | 'code'>;
  readonly #durations: Durations<'subject'>;

  constructor(metrics: Metrics) {
    this.#answers = metrics.counter({
      name: 'patchbay_nats_requests_total',
      help: 'Requests that were answered over NATS, by subject and by what they were answered: ok, or the code of the error.',
      labels: ['subject', 'code'],
    });
    this.#durations = metrics.durations({
      name: 'patchbay_nats_request_duration_seconds',
      help: 'From the arrival of a request until its answer was handed to the connection.',
      labels: ['subject'],
      buckets: BUCKETS,
    });
  }

  /** `subject` as in the contract: with the organization and the edge of a message it would be a series for each. */
  of(subject: string): SubjectMetrics {
    return new SubjectMetrics(subject, this.#answers, this.#durations);
  }
}

/** Of one subject. What a label costs to look up is paid once. */
export class SubjectMetrics {
  readonly #children = new Map<AnswerCode, Counter.Internal>();
  readonly #labels: { subject: string };

  constructor(
    private readonly subject: string,
    private readonly answers: Counter<'subject' | 'code'>,
    private readonly durations: Durations<'subject'>,
  ) {
    this.#labels = { subject };
  }

  /** `startedAt` of `performance.now()`. */
  answered(code: AnswerCode, startedAt: number, traceId: string): void {
    this.#count(code);
    this.durations.observe(this.#labels, (performance.now() - startedAt) / 1e3, traceId);
  }

  /** Turned away before anything was done for it; it says nothing about how long things take. */
  turnedAway(code: AnswerCode): void {
    this.#count(code);
  }

  #count(code: AnswerCode): void {
    let child = this.#children.get(code);
    if (!child) this.#children.set(code, (child = this.answers.labels(this.subject, code)));
    child.inc();
  }
}
