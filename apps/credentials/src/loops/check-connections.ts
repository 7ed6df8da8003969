import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { nextRoundAt } from '../domain/connection-check.ts';
import type { StoredConnection } from '../domain/connection.ts';
import { ConnectionSweep } from '../outside/connection-sweep.ts';
import { DueChecks } from '../outside/due-checks.ts';
import { CheckConnection } from '../use-cases/check-connection.ts';

/** What another process hastened is checked within this. */
const EVERY_MS = 1_000;
/** Checks that one process has under way; a silent provider holds one of them for four seconds. */
const MAX_IN_FLIGHT = 16;

/** Tries each connection out every quarter of an hour, and at once when there is reason to. Several processes share the work. */
@Injectable()
export class CheckConnections implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;
  readonly #inFlight = new Set<Promise<void>>();
  #stopHearing: () => void = () => undefined;

  constructor(
    private readonly source: DataSource,
    private readonly sweep: ConnectionSweep,
    private readonly checkConnection: CheckConnection,
    private readonly dueChecks: DueChecks,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    this.#rounds = new Rounds({ everyMs: EVERY_MS, run: () => this.#begin(), logger, trouble: 'due checks could not be read; they will be looked for again' });
  }

  onApplicationBootstrap(): void {
    this.#stopHearing = this.dueChecks.onAnnounce(() => this.#rounds.wake());
    this.#rounds.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopHearing();
    await this.#rounds.stop();
    await Promise.all(this.#inFlight);
  }

  async #begin(): Promise<void> {
    const now = new Date();
    const free = MAX_IN_FLIGHT - this.#inFlight.size;
    if (free === 0) return;
    const due = await acrossOrganizations(this.source, (tx) => this.sweep.claimDue(tx, now, nextRoundAt(now, Math.random()), free));
    for (const connection of due) {
      const checking: Promise<void> = this.#check(connection).finally(() => this.#inFlight.delete(checking));
      this.#inFlight.add(checking);
    }
  }

  async #check({ organizationId, connectionId }: StoredConnection): Promise<void> {
    try {
      await this.checkConnection.run({ organizationId, connectionId });
    } catch (err) {
      // Disabled meanwhile, or without a token: whoever is to blame for that has said so already.
      const level = err instanceof ServiceError && err.code === 'failed_precondition' ? 'debug' : 'error';
      this.logger[level]({ err, organizationId, connectionId }, 'a connection could not be checked');
    }
  }
}
