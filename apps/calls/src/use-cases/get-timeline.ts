import { Injectable } from '@nestjs/common';
import type { calls } from '@patchbay/contracts/calls';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { runner } from '@patchbay/contracts/runner';
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
    const tx = this.source.manager;
    const session = await this.sessions.find(tx, organizationId, sessionId);
    if (!session) throw unknownSession(sessionId);
    const [turns, heard, claims, { invocations }] = await Promise.all([
      this.turns.list(tx, organizationId, sessionId),
      this.heard.list(tx, organizationId, sessionId),
      this.claims.list(tx, organizationId, sessionId),
      this.runnerClient.listInvocations({ organizationId, sessionId }),
    ]);
    return { session, entries: timelineOf(turns, invocations, heard, claims) };
  }
}
