import { Controller } from '@nestjs/common';
import { workflows } from '@patchbay/contracts/workflows';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';
import { SecretEnvelopes } from '../outside/secret-envelopes.ts';

@Controller()
export class WebhooksController {
  constructor(
    @Client(workflows) private readonly workflowsClient: ClientOf<typeof workflows>,
    private readonly envelopes: SecretEnvelopes,
  ) {}

  @Route('POST /v1/webhooks', workflows.createWebhook, { permission: 'webhooks:write' })
  async create(@Input() input: RequestOf<typeof workflows.createWebhook>) {
    return this.envelopes.open('secret', await this.workflowsClient.createWebhook({ ...input, ...(await this.envelopes.sealTo()) }));
  }

  @Route('GET /v1/webhooks', workflows.listWebhooks, { permission: 'webhooks:read' })
  list(@Input() input: RequestOf<typeof workflows.listWebhooks>) {
    return this.workflowsClient.listWebhooks(input);
  }

  @Route('GET /v1/webhooks/:webhookId/deliveries', workflows.listDeliveries, { permission: 'webhooks:read' })
  deliveries(@Input() input: RequestOf<typeof workflows.listDeliveries>) {
    return this.workflowsClient.listDeliveries(input);
  }
}
