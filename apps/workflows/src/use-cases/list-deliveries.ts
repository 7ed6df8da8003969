import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { workflows } from '@patchbay/contracts/workflows';
import { DataSource } from 'typeorm';
import { DeliveryRepository } from '../outside/delivery.repository.ts';
import { WebhookRepository } from '../outside/webhook.repository.ts';

/** An organization sees the deliveries of its own webhooks; another's webhook does not exist for it. */
@Injectable()
export class ListDeliveries {
  constructor(
    private readonly source: DataSource,
    private readonly webhooks: WebhookRepository,
    private readonly deliveries: DeliveryRepository,
  ) {}

  async run(input: InputOf<typeof workflows.listDeliveries>): Promise<ReplyOf<typeof workflows.listDeliveries>> {
    await this.webhooks.require(this.source.manager, input.organizationId, input.webhookId);
    return { deliveries: await this.deliveries.list(this.source.manager, input, input) };
  }
}
