import { Injectable } from '@nestjs/common';
import type { calls } from '@patchbay/contracts/calls';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { DataSource } from 'typeorm';
import { SessionRepository } from '../outside/session.repository.ts';

@Injectable()
export class ListSessions {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
  ) {}

  async run({ organizationId, limit, before }: InputOf<typeof calls.listSessions>): Promise<ReplyOf<typeof calls.listSessions>> {
    return { sessions: await this.sessions.list(this.source.manager, organizationId, limit, before ?? null) };
  }
}
