import { Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { calls } from '@patchbay/contracts/calls';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Nats } from '@patchbay/service-kit/messaging/nats';
import { bytesInList, firstThatFit, replyRoomBytes } from '@patchbay/service-kit/messaging/reply-room';
import { DataSource } from 'typeorm';
import { unknownSession } from '../domain/session.ts';
import { entriesAfter, placeOf, timelineOf } from '../domain/timeline.ts';
import { ClaimRepository } from '../outside/claim.repository.ts';
import { HeardRepository } from '../outside/heard.repository.ts';
import { SessionInvocations } from '../outside/session-invocations.ts';
import { SessionRepository } from '../outside/session.repository.ts';
import { TurnRepository } from '../outside/turn.repository.ts';

type Input = InputOf<typeof calls.getTimeline>;

/** The most that the contract takes; for whoever only says where to go on. */
const PAGE_ENTRIES = 500;
/** For all pages of the runner together: below the five seconds that whoever asks us waits. */
const RUNNER_TIMEOUT_MS = 4_500;
/** The names of the reply's fields, and where it goes on. */
const ENVELOPE_BYTES = 1_024;

/** What happened in this call, and did it really happen: turns from here, invocations with their evidence from the runner. */
@Injectable()
export class GetTimeline {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly turns: TurnRepository,
    private readonly heard: HeardRepository,
    private readonly claims: ClaimRepository,
    private readonly sessionInvocations: SessionInvocations,
    @Nats() private readonly nats: NatsConnection,
  ) {}

  async run(input: Input): Promise<ReplyOf<typeof calls.getTimeline>> {
    const { organizationId, sessionId, after, limit } = input;
    const { session, turns, heard, claims } = await this.#recorded(input);
    const invocations = await this.sessionInvocations.list(organizationId, sessionId, RUNNER_TIMEOUT_MS);
    const entries = entriesAfter(timelineOf(turns, invocations, heard, claims), after);
    if (!entries) throw unknownPlace();
    const isWhole = after === undefined && limit === undefined;
    const bytes = replyRoomBytes(this.nats) - ENVELOPE_BYTES - bytesInList(session);
    const page = firstThatFit(entries, { items: isWhole ? Infinity : (limit ?? PAGE_ENTRIES), bytes });
    if (page.length === entries.length) return { session, entries, next: null };
    if (isWhole) throw doesNotFit(sessionId);
    const last = page.at(-1);
    if (!last) throw tooLargeAlone(placeOf(entries[0]!));
    return { session, entries: page, next: placeOf(last) };
  }

  #recorded({ organizationId, sessionId }: Input) {
    return inOrganization(this.source, organizationId, async (tx) => {
      const session = await this.sessions.find(tx, organizationId, sessionId);
      if (!session) throw unknownSession(sessionId);
      const turns = await this.turns.list(tx, organizationId, sessionId);
      const heard = await this.heard.list(tx, organizationId, sessionId);
      return { session, turns, heard, claims: await this.claims.list(tx, organizationId, sessionId) };
    });
  }
}

function unknownPlace(): ServiceError {
  const problem = 'is no place in this timeline, or no longer';
  return ServiceError.fields('invalid_arguments', `The page cannot be found: after ${problem}. Begin with the first one.`, [{ path: 'after', problem }]);
}

function doesNotFit(sessionId: string): ServiceError {
  return new ServiceError('payload_too_large', `The timeline of ${sessionId} does not fit into one message. Ask for pages with \`limit\` and \`after\`.`);
}

function tooLargeAlone(place: string): ServiceError {
  return new ServiceError('payload_too_large', `${place} alone is larger than one message; go on behind it with \`after\`.`, { details: { after: place } });
}
