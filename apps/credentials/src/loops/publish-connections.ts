import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ConnectionFeed } from '../outside/connection-feed.ts';
import { ConnectionSweep, type ConnectionRef } from '../outside/connection-sweep.ts';

/** What changes behind a request, as by a refresh, is published by this; a process that died between commit and publish left something for it, too. */
const EVERY_MS = 500;
const PAGE = 100;

/** Publishes what was committed and not published, and once after a start everything: JetStream may have lost its data. */
@Injectable()
export class PublishConnections implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;
  #restored = false;

  constructor(
    private readonly source: DataSource,
    private readonly sweep: ConnectionSweep,
    private readonly feed: ConnectionFeed,
    @Inject(KIT_LOGGER) logger: Logger,
  ) {
    this.#rounds = new Rounds({ everyMs: EVERY_MS, run: () => this.#round(), logger, trouble: 'the feed of connections could not be brought up to date; it will be tried again' });
  }

  onApplicationBootstrap(): void {
    this.#rounds.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async #round(): Promise<void> {
    if (!this.#restored) await this.#restore();
    for (const ref of await acrossOrganizations(this.source, (tx) => this.sweep.listUnpublished(tx, PAGE))) {
      if (!this.#rounds.isStopped) await this.feed.publish(ref, { onlyNews: true });
    }
  }

  async #restore(): Promise<void> {
    let page: ConnectionRef[] = [];
    do {
      const after = page.at(-1) ?? null;
      page = await acrossOrganizations(this.source, (tx) => this.sweep.listAfter(tx, after, PAGE));
      for (const ref of page) if (!this.#rounds.isStopped) await this.feed.publish(ref, { onlyNews: false });
    } while (page.length === PAGE && !this.#rounds.isStopped);
    this.#restored = true;
  }
}
