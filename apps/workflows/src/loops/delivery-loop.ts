import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { DeliveryRepository } from '../outside/delivery.repository.ts';
import { SendDelivery, type Clock } from '../use-cases/send-delivery.ts';

const POLL_MS = 500;
/** Sends that one process has under way; a slow receiver holds one of them for 15 s. */
const MAX_IN_FLIGHT = 32;
/** Above the 5 s for the secret and the 15 s for the send, or a second process would send what the first still sends. */
const LEASE_MS = 60_000;

const systemClock: Clock = () => new Date();

/** Sends what is due. Instances share the work: a claimed delivery is leased, and sent outside of any transaction. */
@Injectable()
export class DeliveryLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(
    private readonly source: DataSource,
    private readonly deliveries: DeliveryRepository,
    private readonly sendDelivery: SendDelivery,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    const trouble = 'due deliveries could not be read; they will be looked for again';
    this.#rounds = new Rounds({ everyMs: POLL_MS, run: () => this.#startDue(systemClock), logger, trouble });
  }

  onApplicationBootstrap(): void {
    this.#rounds.wake();
  }

  /** Looks again soon; called after a commit that made a delivery. */
  wake(): void {
    this.#rounds.wake();
  }

  /** Takes nothing new and waits for the sends under way. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
    await Promise.all(this.#inFlight);
  }

  /** Claims what is due and resolves when every one of them is sent and settled; returns how many there were. */
  async tick(clock: Clock): Promise<number> {
    const sends = await this.#startDue(clock);
    await Promise.all(sends);
    return sends.length;
  }

  async #startDue(clock: Clock): Promise<Promise<void>[]> {
    const now = clock();
    const leasedUntil = new Date(now.getTime() + LEASE_MS);
    const limit = MAX_IN_FLIGHT - this.#inFlight.size;
    const due = await acrossOrganizations(this.source, (tx) => this.deliveries.claimDue(tx, { now, leasedUntil, limit }));
    return due.map((delivery) => {
      const sending: Promise<void> = this.sendDelivery
        .run(delivery, clock)
        .catch((err: unknown) =>
          this.logger.error(
            { err, deliveryId: delivery.delivery_id },
            'a send failed; it is repeated when its lease ends',
          ),
        )
        .finally(() => this.#inFlight.delete(sending));
      this.#inFlight.add(sending);
      return sending;
    });
  }
}
