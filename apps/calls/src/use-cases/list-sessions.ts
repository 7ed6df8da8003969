import { Injectable } from '@nestjs/common';
import type { calls } from '@patchbay/contracts/calls';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { SessionRepository } from '../outside/session.repository.ts';

@Injectable()
export class ListSessions {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
  ) {}

  async run({ organizationId, limit, before }: InputOf<typeof calls.listSessions>): Promise<ReplyOf<typeof calls.listSessions>> {
    const sessions = await inOrganization(this.source, organizationId, (tx) => this.sessions.list(tx, organizationId, limit, before ?? null));
    return { sessions };
  }
}
