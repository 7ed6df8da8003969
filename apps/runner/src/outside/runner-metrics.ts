import { Inject, Injectable } from '@nestjs/common';
import type { EffectClass } from '@patchbay/contracts/outcome';
import { WORKERS } from '@patchbay/service-kit/database/database';
import { Metrics, type Durations } from '@patchbay/service-kit/telemetry/metrics';
import type { DataSource } from 'typeorm';
import type { Verdict } from '../domain/verdict.ts';
import { CircuitBreakers } from '../guards/circuit-breakers.ts';
import type { Invocation } from '../pipeline/invocation.ts';

/** From an answer out of memory to the longest that a caller waits on the line. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** The effect of what was refused before its function was known. */
const NO_EFFECT = 'none';
const NO_CODE = 'ok';

/** What whoever keeps the platform running must know of invocations. Effects, statuses and codes are the closed lists of the contracts. */
@Injectable()
export class RunnerMetrics {
  readonly #invocations;
  readonly #children = new Map<string, { inc(): void }>();
  readonly #durations: Durations<'effect'>;
  readonly #effects = new Map<string, { effect: string }>();
  readonly #evidenceLost;

  constructor(metrics: Metrics, breakers: CircuitBreakers, @Inject(WORKERS) workers: DataSource) {
    this.#invocations = metrics.counter({
      name: 'patchbay_invocations_total',
      help: 'Invocations that ended, by the effect of their function, their status and the code of their error. What is learnt of an unknown one later is not in it.',
      labels: ['effect', 'status', 'code'],
    });
    this.#durations = metrics.durations({
      name: 'patchbay_invocation_duration_seconds',
      help: 'From the arrival of an invocation until its verdict, also of those that outlive their turn.',
      labels: ['effect'],
      buckets: BUCKETS,
    });
    this.#evidenceLost = metrics.counter({ name: 'patchbay_evidence_lost_total', help: 'Invocations and attempts whose evidence could not be kept.' });
    watchBreakers(metrics, breakers);
    metrics.gauge({
      name: 'patchbay_unverified_writes',
      help: 'Writes of which nothing is known and that are looked at again, of all runners.',
      read: () => countUnverified(workers),
    });
  }

  ended({ function: called, durationMs, traceId }: Invocation, verdict: Verdict): void {
    const effect = called?.effect ?? NO_EFFECT;
    this.settled(effect, verdict);
    let labels = this.#effects.get(effect);
    if (!labels) this.#effects.set(effect, (labels = { effect }));
    this.#durations.observe(labels, (durationMs ?? 0) / 1e3, traceId);
  }

  /** Also what another runner left: how long that took nobody knows. */
  settled(effect: EffectClass | typeof NO_EFFECT, { status, error }: Verdict): void {
    const code = error?.code ?? NO_CODE;
    const key = `${effect} ${status} ${code}`;
    let child = this.#children.get(key);
    if (!child) this.#children.set(key, (child = this.#invocations.labels(effect, status, code)));
    child.inc();
  }

  evidenceLost(): void {
    this.#evidenceLost.inc();
  }
}

function watchBreakers(metrics: Metrics, breakers: CircuitBreakers): void {
  const changes = metrics.counter({ name: 'patchbay_breaker_changes_total', help: 'Changes of a breaker, by its new state.', labels: ['to'] });
  // What has not happened is 0, not missing: a rate needs a beginning.
  for (const to of ['closed', 'open', 'half_open', 'half_open_writes'] as const) changes.inc({ to }, 0);
  breakers.onChange(({ to }) => changes.inc({ to }));
  metrics.gauge({ name: 'patchbay_breakers_tripped', help: 'Breakers of this runner that are not closed.', read: () => breakers.trippedKeys().length });
}

/** Uses `invocations_verify`, which holds only these. */
async function countUnverified(workers: DataSource): Promise<number> {
  const [row]: { count: number }[] = await workers.manager.query(
    `select count(*)::int as count from invocations where verify_at is not null and status = 'unknown'`,
  );
  return row!.count;
}
