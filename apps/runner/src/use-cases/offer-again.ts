import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { runner } from '@patchbay/contracts/runner';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { CallEvents } from '../outside/call-events.ts';
import { requestOf, toOutcome } from '../outside/invocation-rows.ts';
import { InvocationRepository } from '../outside/invocation.repository.ts';

/** The caller did not hear a result: the edge gets it once more. */
@Injectable()
export class OfferAgain {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly events: CallEvents,
  ) {}

  async run({ organizationId, sessionId, invocationId }: InputOf<typeof runner.offerAgain>): Promise<ReplyOf<typeof runner.offerAgain>> {
    const ended = await inOrganization(this.source, organizationId, (tx) => this.invocations.findEnded(tx, organizationId, invocationId));
    if (ended?.session_id !== sessionId) return { offered: false };
    this.events.result(requestOf(ended), { ...toOutcome(ended), replayed: true });
    return { offered: true };
  }
}
