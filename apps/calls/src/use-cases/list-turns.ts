import { Injectable } from '@nestjs/common';
import type { calls } from '@patchbay/contracts/calls';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { DataSource } from 'typeorm';
import { TurnRepository } from '../outside/turn.repository.ts';

/** What was said since: read from the primary, so that a turn which was answered to the edge is there. */
@Injectable()
export class ListTurns {
  constructor(
    private readonly source: DataSource,
    private readonly turns: TurnRepository,
  ) {}

  async run({ organizationId, sessionId, afterPosition }: InputOf<typeof calls.listTurns>): Promise<ReplyOf<typeof calls.listTurns>> {
    return this.turns.listAfter(this.source, organizationId, sessionId, afterPosition);
  }
}
