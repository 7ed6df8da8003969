import type { Future } from './future.ts';
import { start, wait, type Task } from './future.ts';
import type { ModelInvocation, ModelOutcome } from './model-invocation.ts';
import { DatabaseLink } from './virtual-database.ts';
import { VirtualProcess } from './virtual-process.ts';
import { ProviderLink } from './provider-link.ts';
import type { World } from './world.ts';

/** As in the runner: the lease, its renewal, when it is no longer trusted, and the ticks of the loops. */
const LEASE_MS = 6_000;
const RENEW_MS = 2_000;
const TRUSTED_MS = LEASE_MS - 1_000;
const SWEEP_TICK_MS = 1_000;
const VERIFY_TICK_MS = 500;
/** The wall clocks of two machines differ by this much at most. */
const SKEW_MS = 200;

/** A runner: a process with its memory, its links to the world, and its loops. */
export class VirtualRunner {
  readonly process: VirtualProcess;
  readonly database: DatabaseLink;
  readonly provider: ProviderLink;
  readonly byRequest = new Map<string, ModelInvocation>();
  readonly justAnswered = new Map<string, { outcome: ModelOutcome; until: number }>();
  isReady = false;
  /** Grows by one each time the lease is taken anew. */
  term = 0;
  #renewedAt = Number.NEGATIVE_INFINITY;
  readonly #skewMs: number;

  constructor(
    readonly world: World,
    readonly runnerId: string,
    private readonly lookAtUnknowns: (runner: VirtualRunner) => Task<void>,
  ) {
    const { clock, noise, provider } = world;
    this.process = new VirtualProcess(clock);
    this.database = new DatabaseLink(clock, this.process, noise);
    this.provider = new ProviderLink(clock, this.process, noise, provider, () => world.nextBehaviour());
    this.#skewMs = noise.between(-SKEW_MS, SKEW_MS);
    start(this.#run());
  }

  get now(): number {
    return this.world.clock.now;
  }

  get wallNow(): number {
    return this.now + this.#skewMs;
  }

  get holdsLease(): boolean {
    return !this.world.safeguards.lease || this.#isTrusted;
  }

  /** Whether what was committed in a term may still be acted on. */
  holdsSince(term: number): boolean {
    const { lease, leaseSinceCommit } = this.world.safeguards;
    return !lease || (this.#isTrusted && (term === this.term || !leaseSinceCommit));
  }

  get #isTrusted(): boolean {
    return this.now - this.#renewedAt < TRUSTED_MS;
  }

  /** It runs, and reaches its database. */
  get isUp(): boolean {
    return this.process.state === 'running' && this.database.isUp;
  }

  sleep(ms: number): Future<void> {
    return this.process.sleep(ms);
  }

  *#run(): Task<void> {
    yield* wait(start(this.#renew()));
    this.isReady = true;
    start(this.#every(RENEW_MS, () => this.#renew()));
    start(this.#every(VERIFY_TICK_MS, () => this.lookAtUnknowns(this)));
    if (this.world.safeguards.sweeper) start(this.#every(SWEEP_TICK_MS, () => this.#sweep()));
  }

  *#every(ms: number, act: () => Task<void>): Task<void> {
    for (;;) {
      yield* wait(this.sleep(ms));
      try {
        yield* act();
      } catch {
        // The runner logs it; the next round tries again.
      }
    }
  }

  *#renew(): Task<void> {
    const askedAt = this.now;
    yield* wait(this.database.query((now) => this.world.tables.leases.renew(this.runnerId, now + LEASE_MS)));
    if (!this.#isTrusted) this.term++;
    this.#renewedAt = askedAt;
  }

  *#sweep(): Task<void> {
    // A question that finds nothing is not asked: it would change nothing, and there are a great many.
    if (!this.world.tables.leases.hasDead(this.now)) return;
    yield* wait(this.database.query((now) => this.world.tables.sweep(now)));
  }
}
