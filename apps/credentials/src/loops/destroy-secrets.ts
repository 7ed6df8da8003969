import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ConnectionSweep, type ConnectionRef } from '../outside/connection-sweep.ts';
import { DestroyOverdue } from '../use-cases/destroy-overdue.ts';

/** Grace times and the day of an undelete are hours: a minute more of them does not matter. */
const EVERY_MS = 60_000;
/** Destroyed side by side: of a deleted account the provider is told, which may take seconds. */
const PAGE = 25;

/** Destroys what is kept for longer than it may be: previous secrets, next ones of a process that died, those of deleted connections. */
@Injectable()
export class DestroySecrets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    private readonly source: DataSource,
    private readonly sweep: ConnectionSweep,
    private readonly destroyOverdue: DestroyOverdue,
    @Inject(KIT_LOGGER) logger: Logger,
  ) {
    this.#rounds = new Rounds({ everyMs: EVERY_MS, run: () => this.round(new Date()), logger, trouble: 'overdue secrets could not be destroyed; it will be tried again' });
  }

  onApplicationBootstrap(): void {
    this.#rounds.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async round(now: Date): Promise<void> {
    let page: ConnectionRef[] = [];
    do {
      page = await acrossOrganizations(this.source, (tx) => this.sweep.listOverdue(tx, now, PAGE));
      await Promise.all(page.map((ref) => this.destroyOverdue.run(ref, now)));
    } while (page.length === PAGE && !this.#rounds.isStopped);
  }
}
