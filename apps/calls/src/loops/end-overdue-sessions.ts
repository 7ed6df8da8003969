import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { callEvents } from '@patchbay/contracts/calls';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { acrossOrganizations, inOrganization } from '@patchbay/service-kit/database/organization';
import { addToOutbox } from '@patchbay/service-kit/database/outbox';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { SessionFeed, snapshotOf } from '../outside/session-feed.ts';
import { SessionRepository } from '../outside/session.repository.ts';
import type { SessionTable } from '../tables/session.table.ts';

const TICK_MS = 60_000;

/** Ends sessions whose edge went away without a word, so that no call stays live for ever. */
@Injectable()
export class EndOverdueSessions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly feed: SessionFeed,
    @Inject(KIT_LOGGER) logger: Logger,
  ) {
    const trouble = 'overdue sessions could not be ended; the next round tries again';
    this.#rounds = new Rounds({ everyMs: TICK_MS, run: () => this.tick(new Date()), logger, trouble });
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async tick(now: Date): Promise<void> {
    const overdue = await acrossOrganizations(this.source, (tx) => this.sessions.listOverdue(tx, now));
    for (const session of overdue) await this.#end(session, now);
  }

  async #end(session: SessionTable, now: Date): Promise<void> {
    const { org_id: organizationId, session_id: sessionId } = session;
    await inOrganization(this.source, organizationId, async (tx) => {
      if (!(await this.sessions.end(tx, organizationId, sessionId, 'max_duration', now))) return;
      const ended = await this.sessions.find(tx, organizationId, sessionId);
      if (ended) await addToOutbox(tx, callEvents.sessionEnded, { organizationId, payload: ended });
    });
    await this.feed.publish({ ...snapshotOf(session), state: 'ended' });
  }
}
