import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { storableText } from '@patchbay/service-kit/database/storable-json';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { refusal } from '../domain/session.ts';
import { describeCall } from '../outside/call-span.ts';
import { SessionRepository } from '../outside/session.repository.ts';
import { TurnRepository } from '../outside/turn.repository.ts';

/** An utterance becomes part of the record of the call. */
@Injectable()
export class RecordTurn {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly turns: TurnRepository,
  ) {}

  async run(input: InputOf<typeof edge.turn>, { organizationId, edgeId }: RequestContext): Promise<ReplyOf<typeof edge.turn>> {
    const traceId = describeCall(input);
    const recorded = await this.turns.record(this.source.manager, edgeId, {
      org_id: organizationId,
      session_id: input.sessionId,
      turn_id: input.turnId,
      index: input.index,
      role: input.role,
      text: storableText(input.text),
      started_at: new Date(input.startedAt),
      ended_at: new Date(input.endedAt),
      interrupted: input.interrupted ?? false,
      timings: (input.timings as Record<string, number> | undefined) ?? null,
      trace_id: traceId,
    });
    if (!recorded) {
      const session = await this.sessions.find(this.source.manager, organizationId, input.sessionId);
      throw refusal(input.sessionId, edgeId, session);
    }
    return { turnId: input.turnId, unbackedClaims: [] };
  }
}
