import { Injectable } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { unknownSession } from '../domain/session.ts';
import { describeCall } from '../outside/call-span.ts';
import { HeardRepository } from '../outside/heard.repository.ts';
import { SessionRepository } from '../outside/session.repository.ts';

/** How much of a result reached the caller's ear; may come after the call has ended. */
@Injectable()
export class RecordHeard {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly heard: HeardRepository,
  ) {}

  async run(input: InputOf<typeof edge.heard>, { organizationId, edgeId }: RequestContext): Promise<Record<string, never>> {
    describeCall(input);
    const session = await this.sessions.find(this.source.manager, organizationId, input.sessionId);
    if (session?.edgeId !== edgeId) throw unknownSession(input.sessionId);
    await this.heard.record(this.source.manager, {
      org_id: organizationId,
      session_id: input.sessionId,
      invocation_id: input.invocationId,
      turn_id: input.turnId,
      heard: input.heard,
    });
    return {};
  }
}
