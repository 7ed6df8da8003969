import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { RUNNER_SPENT } from '@patchbay/contracts/service-permissions';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { RateLimits, type SpentCalls } from '../guards/rate-limits.ts';
import { RunnerLease } from './runner-lease.ts';

/** So much later the others know. What N runners let through meanwhile may be N times what is left of a limit. */
const TELL_MS = 100;

interface Told {
  runnerId: string;
  spent: SpentCalls[];
}

/** Limits hold for all runners together: each tells the others what it has let through. A word that is lost makes a limit wider by that much. */
@Injectable()
export class SharedLimits implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly limits: RateLimits,
    private readonly lease: RunnerLease,
  ) {}

  onApplicationBootstrap(): void {
    this.#subscription = this.nats.subscribe(RUNNER_SPENT, {
      callback: (error, message) => {
        if (error) return;
        const { runnerId, spent } = message.json<Told>();
        if (runnerId !== this.lease.runnerId) this.limits.spentElsewhere(spent);
      },
    });
    this.limits.onSpent(() => (this.#timer = setTimeout(() => this.#tell(), TELL_MS)));
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.#timer);
    this.#tell();
    this.#subscription?.unsubscribe();
  }

  #tell(): void {
    const spent = this.limits.takeSpent();
    if (spent.length > 0 && !this.nats.isClosed()) this.nats.publish(RUNNER_SPENT, JSON.stringify({ runnerId: this.lease.runnerId, spent } satisfies Told));
  }
}
