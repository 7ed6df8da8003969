import { Injectable } from '@nestjs/common';
import { callEvents } from '@patchbay/contracts/calls';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { runner } from '@patchbay/contracts/runner';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { addToOutbox, OutboxRelay } from '@patchbay/service-kit/database/outbox';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { unknownSession } from '../domain/session.ts';
import { describeCall } from '../outside/call-span.ts';
import { SessionFeed, snapshotOf } from '../outside/session-feed.ts';
import { SessionRepository } from '../outside/session.repository.ts';

/** A call ends once, however often the edge says so; the event goes out with the commit. */
@Injectable()
export class EndSession {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly feed: SessionFeed,
    private readonly relay: OutboxRelay,
    @Client(runner) private readonly runnerClient: ClientOf<typeof runner>,
  ) {}

  async run(
    { sessionId, reason, endedAt }: InputOf<typeof edge.endSession>,
    { organizationId, edgeId }: RequestContext,
  ): Promise<ReplyOf<typeof edge.endSession>> {
    describeCall({ sessionId });
    const session = await inOrganization(this.source, organizationId, async (tx) => {
      const known = await this.sessions.findRow(tx, organizationId, sessionId);
      if (known?.edge_id !== edgeId) throw unknownSession(sessionId);
      if (!(await this.sessions.end(tx, organizationId, sessionId, reason, new Date(endedAt)))) return known;
      const ended = await this.sessions.find(tx, organizationId, sessionId);
      if (ended) await addToOutbox(tx, callEvents.sessionEnded, { organizationId, payload: ended });
      return known;
    });
    await this.feed.publish({ ...snapshotOf(session), state: 'ended' });
    this.relay.wake();
    return this.runnerClient.countSettling({ organizationId, sessionId });
  }
}
