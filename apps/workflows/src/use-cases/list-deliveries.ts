import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { workflows } from '@patchbay/contracts/workflows';
import { inOrganization } from '@patchbay/service-kit/database/organization';
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
    return inOrganization(this.source, input.organizationId, async (tx) => {
      await this.webhooks.require(tx, input.organizationId, input.webhookId);
      return { deliveries: await this.deliveries.list(tx, input, input) };
    });
  }
}
