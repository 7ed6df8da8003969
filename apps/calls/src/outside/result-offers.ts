import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { runner } from '@patchbay/contracts/runner';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';

/** A result that comes later than this interrupts what the call has gone on to. */
const TIMEOUT_MS = 2_000;

/** Asks the runner to offer a result again, while the edge already has its answer. */
@Injectable()
export class ResultOffers implements BeforeApplicationShutdown {
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    @Client(runner) private readonly runnerClient: ClientOf<typeof runner>,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  offer(invocation: { organizationId: string; sessionId: string; invocationId: string }): void {
    const offering = this.runnerClient
      .offerAgain(invocation, { timeoutMs: TIMEOUT_MS })
      .then(
        ({ offered }) => this.logger.debug({ ...invocation, offered }, 'asked for a result to be offered again'),
        (err: unknown) => this.logger.warn({ err, ...invocation }, 'a result that was not heard could not be offered again'),
      )
      .finally(() => this.#underWay.delete(offering));
    this.#underWay.add(offering);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
