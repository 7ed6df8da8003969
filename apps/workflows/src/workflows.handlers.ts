import { Controller } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import { workflows } from '@patchbay/contracts/workflows';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { DataSource } from 'typeorm';
import { WebhookRepository } from './outside/webhook.repository.ts';
import { CreateWebhook } from './use-cases/create-webhook.ts';
import { ListDeliveries } from './use-cases/list-deliveries.ts';

/** What other services ask of workflows. */
@Controller()
export class WorkflowsHandlers {
  constructor(
    private readonly createWebhook: CreateWebhook,
    private readonly listDeliveries: ListDeliveries,
    private readonly webhooks: WebhookRepository,
    private readonly source: DataSource,
  ) {}

  @Handles(workflows.createWebhook)
  newWebhook(input: InputOf<typeof workflows.createWebhook>) {
    return this.createWebhook.run(input);
  }

  @Handles(workflows.listWebhooks)
  async allWebhooks(input: InputOf<typeof workflows.listWebhooks>) {
    return { webhooks: await inOrganization(this.source, input.organizationId, (tx) => this.webhooks.list(tx, input.organizationId)) };
  }

  @Handles(workflows.listDeliveries)
  deliveries(input: InputOf<typeof workflows.listDeliveries>) {
    return this.listDeliveries.run(input);
  }
}
