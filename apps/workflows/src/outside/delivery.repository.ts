import { Injectable } from '@nestjs/common';
import type { WebhookDelivery } from '@patchbay/contracts/workflows';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { LessThan } from 'typeorm';
import type { Settlement } from '../domain/settlement.ts';
import { DeliveryTable } from '../tables/delivery.table.ts';

export type NewDelivery = Pick<
  DeliveryTable,
  | 'org_id'
  | 'delivery_id'
  | 'webhook_id'
  | 'event_id'
  | 'subject'
  | 'body'
  | 'traceparent'
  | 'next_attempt_at'
  | 'created_at'
>;

/** A delivery that this process alone may send until its lease ends. */
export interface ClaimedDelivery {
  org_id: string;
  delivery_id: string;
  webhook_id: string;
  body: string;
  traceparent: string | null;
  attempts: number;
  url: string;
  connection_id: string;
  leased_until: Date;
}

@Injectable()
export class DeliveryRepository {
  async insertAll(tx: Transaction, rows: NewDelivery[]): Promise<void> {
    await tx.insert(
      DeliveryTable,
      rows.map((row) => ({ ...row, state: 'waiting' as const, attempts: 0, last_status: null, last_problem: null })),
    );
  }

  /** Relies on the index `deliveries_due`. The lease is the next attempt's time: should we die, another sends it then. */
  async claimDue(tx: Transaction, claim: { now: Date; leasedUntil: Date; limit: number }): Promise<ClaimedDelivery[]> {
    const [rows] = (await tx.query(
      `with due as (
         select org_id, delivery_id from deliveries
         where state = 'waiting' and next_attempt_at <= $1
         order by next_attempt_at limit $3
         for update skip locked
       )
       update deliveries d set next_attempt_at = $2
       from due, webhooks w
       where d.org_id = due.org_id and d.delivery_id = due.delivery_id
         and w.org_id = d.org_id and w.webhook_id = d.webhook_id
       returning d.org_id, d.delivery_id, d.webhook_id, d.body, d.traceparent, d.attempts, w.url, w.connection_id,
         d.next_attempt_at as leased_until`,
      [claim.now, claim.leasedUntil, claim.limit],
    )) as [ClaimedDelivery[], number];
    return rows;
  }

  /** False when the lease was over and somebody else has the delivery now. */
  async settle(
    tx: Transaction,
    { org_id, delivery_id, leased_until }: ClaimedDelivery,
    settlement: Settlement,
  ): Promise<boolean> {
    const { affected } = await tx.update(
      DeliveryTable,
      { org_id, delivery_id, state: 'waiting', next_attempt_at: leased_until },
      {
        state: settlement.state,
        attempts: settlement.attempts,
        last_status: settlement.lastStatus,
        last_problem: settlement.lastProblem,
        next_attempt_at: settlement.nextAttemptAt,
      },
    );
    return affected === 1;
  }

  /** Newest first; ids sort by time. */
  async list(
    tx: Transaction,
    webhook: { organizationId: string; webhookId: string },
    page: Page,
  ): Promise<WebhookDelivery[]> {
    const rows = await tx.find(DeliveryTable, {
      where: {
        org_id: webhook.organizationId,
        webhook_id: webhook.webhookId,
        ...(page.before === undefined ? {} : { delivery_id: LessThan(page.before) }),
      },
      order: { delivery_id: 'DESC' },
      take: page.limit,
    });
    return rows.map(view);
  }
}

interface Page {
  limit: number;
  before?: string | undefined;
}

function view(row: DeliveryTable): WebhookDelivery {
  return {
    deliveryId: row.delivery_id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    lastStatus: row.last_status,
    lastProblem: row.last_problem,
    nextAttemptAt: row.next_attempt_at && row.next_attempt_at.toISOString(),
    createdAt: row.created_at.toISOString(),
  };
}
