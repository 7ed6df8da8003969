import { Injectable } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { DataSource } from 'typeorm';
import { unknownSession } from '../domain/session.ts';
import { describeCall } from '../outside/call-span.ts';
import { HeardRepository } from '../outside/heard.repository.ts';
import { OfferRepository } from '../outside/offer.repository.ts';
import { ResultOffers } from '../outside/result-offers.ts';
import { SessionRepository } from '../outside/session.repository.ts';

/** How much of a result reached the caller's ear; may come after the call has ended. What did not is offered again, once for each turn it was lost in. */
@Injectable()
export class RecordHeard {
  constructor(
    private readonly source: DataSource,
    private readonly sessions: SessionRepository,
    private readonly heard: HeardRepository,
    private readonly offers: OfferRepository,
    private readonly resultOffers: ResultOffers,
  ) {}

  async run(input: InputOf<typeof edge.heard>, { organizationId, edgeId }: RequestContext): Promise<Record<string, never>> {
    describeCall(input);
    const { sessionId, invocationId } = input;
    const row = { org_id: organizationId, session_id: sessionId, invocation_id: invocationId, turn_id: input.turnId };
    const isToOffer = await inOrganization(this.source, organizationId, async (tx) => {
      const session = await this.sessions.findRow(tx, organizationId, sessionId);
      if (session?.edge_id !== edgeId) throw unknownSession(sessionId);
      const stands = await this.heard.record(tx, { ...row, heard: input.heard });
      return stands !== 'full' && session.state === 'live' && (await this.offers.add(tx, row));
    });
    if (isToOffer) this.resultOffers.offer({ organizationId, sessionId, invocationId });
    return {};
  }
}
