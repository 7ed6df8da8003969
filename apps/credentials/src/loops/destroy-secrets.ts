import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ConnectionSweep } from '../outside/connection-sweep.ts';
import { DestroyOverdue } from '../use-cases/destroy-overdue.ts';
import { Rounds } from './rounds.ts';

/** Grace times and the day of an undelete are hours: a minute more of them does not matter. */
const EVERY_MS = 60_000;
const PAGE = 100;

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
    for (const ref of await acrossOrganizations(this.source, (tx) => this.sweep.listOverdue(tx, now, PAGE))) await this.destroyOverdue.run(ref, now);
  }
}
