import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { firstDelivery } from '@patchbay/service-kit/database/outbox';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { currentTraceparent } from '@patchbay/service-kit/telemetry/propagation';
import { DataSource } from 'typeorm';
import { DeliveryLoop } from '../loops/delivery-loop.ts';
import { DeliveryRepository } from '../outside/delivery.repository.ts';
import { WebhookRepository } from '../outside/webhook.repository.ts';

/** An event becomes one delivery for each webhook that wants it, however often the event itself arrives. */
@Injectable()
export class DeliverEvent {
  constructor(
    private readonly source: DataSource,
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly loop: DeliveryLoop,
  ) {}

  async run(event: EventEnvelope): Promise<void> {
    const now = new Date();
    const delivery = {
      org_id: event.organizationId,
      event_id: event.id,
      subject: event.subject,
      // Rendered once: a receiver that compares a repeat with the first sees the same bytes.
      body: JSON.stringify({ type: event.subject, timestamp: event.occurredAt, data: event.payload }),
      traceparent: currentTraceparent(),
      next_attempt_at: now,
      created_at: now,
    };
    await inOrganization(this.source, event.organizationId, async (tx) => {
      if (!(await firstDelivery(tx, event))) return;
      const subscribed = await this.webhooks.listSubscribed(tx, event.organizationId, event.subject);
      const rows = subscribed.map(({ webhook_id }) => ({ ...delivery, webhook_id, delivery_id: newId('delivery') }));
      if (rows.length > 0) await this.deliveries.insertAll(tx, rows);
    });
    this.loop.wake();
  }
}
