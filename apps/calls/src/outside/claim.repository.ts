import { Injectable } from '@nestjs/common';
import type { UnbackedClaim } from '@patchbay/contracts/edge';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { newId } from '@patchbay/service-kit/identity/new-id';
import type { TimelineClaim } from '../domain/timeline.ts';
import { ClaimTable } from '../tables/claim.table.ts';

type TurnOfClaims = Pick<ClaimTable, 'org_id' | 'session_id' | 'turn_id' | 'trace_id'>;

@Injectable()
export class ClaimRepository {
  /** The claims of a turn as last reported: an agent that was interrupted may not have said what its first report has. */
  async replace(tx: Transaction, turn: TurnOfClaims, claims: UnbackedClaim[]): Promise<void> {
    await tx.query(
      `with unsaid as (
         delete from claims where org_id = $1 and session_id = $2 and turn_id = $3 and ordinal >= cardinality($5::text[])
       )
       insert into claims (org_id, session_id, turn_id, trace_id, claim_id, claim, effect, hint, ordinal)
       select $1, $2, $3, $4, said.claim_id, said.claim, said.effect, said.hint, said.place - 1
       from unnest($5::text[], $6::text[], $7::text[], $8::text[]) with ordinality as said (claim_id, claim, effect, hint, place)
       on conflict (org_id, session_id, turn_id, ordinal) do update
         set claim = excluded.claim, effect = excluded.effect, hint = excluded.hint`,
      [
        turn.org_id,
        turn.session_id,
        turn.turn_id,
        turn.trace_id,
        claims.map(() => newId('claim')),
        claims.map(({ claim }) => claim),
        claims.map(({ effect }) => effect),
        claims.map(({ hint }) => hint),
      ],
    );
  }

  async list(tx: Transaction, organizationId: string, sessionId: string): Promise<TimelineClaim[]> {
    const rows = await tx.find(ClaimTable, { where: { org_id: organizationId, session_id: sessionId }, order: { turn_id: 'ASC', ordinal: 'ASC' } });
    return rows.map(toTimelineClaim);
  }
}

function toTimelineClaim(row: ClaimTable): TimelineClaim {
  return {
    kind: 'claim',
    at: row.noticed_at.toISOString(),
    claimId: row.claim_id,
    turnId: row.turn_id,
    claim: row.claim,
    effect: row.effect,
    hint: row.hint,
    traceId: row.trace_id,
  };
}
