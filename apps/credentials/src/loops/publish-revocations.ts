import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { EdgeRevocations } from '../outside/edge-revocations.ts';

/** How late an overlap may end, and how long a revocation that NATS did not take waits for the next try. */
const TICK_MS = 5_000;
/** A NATS server that lost its data has nobody to tell it so: now and then it is told all of it again. */
const RESTATE_MS = 10 * 60_000;

/** Publishes the key pairs that have ended: all of them at a start and every ten minutes, and at once when one is due. */
@Injectable()
export class PublishRevocations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;
  #restateAt = 0;

  constructor(
    private readonly revocations: EdgeRevocations,
    @Inject(KIT_LOGGER) logger: Logger,
  ) {
    const trouble = 'NATS was not told which edges are revoked; it will be tried again';
    this.#rounds = new Rounds({ everyMs: TICK_MS, run: () => this.tick(new Date()), logger, trouble, level: 'error' });
  }

  onApplicationBootstrap(): void {
    this.#rounds.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async tick(now: Date): Promise<void> {
    const restates = now.getTime() >= this.#restateAt;
    if (!restates && !(await this.revocations.isDue(now))) return;
    await this.revocations.publish(now);
    if (restates) this.#restateAt = now.getTime() + RESTATE_MS;
  }
}
