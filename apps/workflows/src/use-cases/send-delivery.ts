import { Inject, Injectable } from '@nestjs/common';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { settle } from '../domain/settlement.ts';
import { inDeliverySpan } from '../outside/delivery-span.ts';
import { DeliveryRepository, type ClaimedDelivery } from '../outside/delivery.repository.ts';
import { WebhookSender } from '../outside/webhook-sender.ts';

/** What time it is; tests bring their own. */
export type Clock = () => Date;

/** Sends a claimed delivery once and writes down what became of it. */
@Injectable()
export class SendDelivery {
  constructor(
    private readonly source: DataSource,
    private readonly deliveries: DeliveryRepository,
    private readonly sender: WebhookSender,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(delivery: ClaimedDelivery, clock: Clock): Promise<void> {
    const attempted = await inDeliverySpan(delivery, () => this.sender.send(delivery, clock()));
    const settlement = settle(delivery.attempts, attempted, clock(), Math.random());
    const { org_id: organizationId, delivery_id: deliveryId } = delivery;
    const kept = await inOrganization(this.source, organizationId, (tx) => this.deliveries.settle(tx, delivery, settlement));
    if (!kept) this.logger.warn({ organizationId, deliveryId }, 'a delivery outlived its lease and is sent once more');
    if (settlement.state === 'exhausted')
      this.logger.warn({ organizationId, deliveryId, ...settlement }, 'a delivery is given up');
  }
}
