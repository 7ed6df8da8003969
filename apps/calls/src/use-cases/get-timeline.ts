import { Injectable } from '@nestjs/common';
import type { calls } from '@patchbay/contracts/calls';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { runner } from '@patchbay/contracts/runner';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { DataSource } from 'typeorm';
import { unknownSession } from '../domain/session.ts';
import { timelineOf } from '../domain/timeline.ts';
import { ClaimRepository } from '../outside/claim.repository.ts';
import { HeardRepository } from '../outside/heard.repository.ts';
import { SessionRepository } from '../outside/session.repository.ts';
import { TurnRepository } from '../outside/turn.repository.ts';

/** What happened in this call, and did it really happen: turns from here, invocations with their evidence from the runner. */
@Injectable()
export class GetTimeline {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly turns: TurnRepository,
    private readonly heard: HeardRepository,
    private readonly claims: ClaimRepository,
    @Client(runner) private readonly runnerClient: ClientOf<typeof runner>,
  ) {}

  async run({ organizationId, sessionId }: InputOf<typeof calls.getTimeline>): Promise<ReplyOf<typeof calls.getTimeline>> {
    const recorded = await inOrganization(this.source, organizationId, async (tx) => {
      const session = await this.sessions.find(tx, organizationId, sessionId);
      if (!session) throw unknownSession(sessionId);
      const turns = await this.turns.list(tx, organizationId, sessionId);
      const heard = await this.heard.list(tx, organizationId, sessionId);
      return { session, turns, heard, claims: await this.claims.list(tx, organizationId, sessionId) };
    });
    const { invocations } = await this.runnerClient.listInvocations({ organizationId, sessionId });
    return { session: recorded.session, entries: timelineOf(recorded.turns, invocations, recorded.heard, recorded.claims) };
  }
}
