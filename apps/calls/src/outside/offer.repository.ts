import { Injectable } from '@nestjs/common';
import type { Transaction } from '@patchbay/service-kit/database/database';
import type { HeardTable } from '../tables/heard.table.ts';

type Unheard = Pick<HeardTable, 'org_id' | 'session_id' | 'invocation_id' | 'turn_id'>;

@Injectable()
export class OfferRepository {
  /** True for the first who adds it: an edge repeats its reports, and the caller shall not hear a result once more for each. */
  async add(tx: Transaction, unheard: Unheard): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `insert into offers (org_id, session_id, invocation_id, turn_id) values ($1, $2, $3, $4) on conflict do nothing returning turn_id`,
      [unheard.org_id, unheard.session_id, unheard.invocation_id, unheard.turn_id],
    );
    return rows.length > 0;
  }
}
