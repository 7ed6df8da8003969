import { Module, type DynamicModule } from '@nestjs/common';
import { createHttpSender } from '@patchbay/egress/http-sender';
import { CallConsumers } from './call.consumers.ts';
import type { Env } from './env.ts';
import { DeliveryLoop } from './loops/delivery-loop.ts';
import { DeliveryRepository } from './outside/delivery.repository.ts';
import { HTTP_SENDER, SEND_TIMEOUT_MS, WebhookSender } from './outside/webhook-sender.ts';
import { WebhookRepository } from './outside/webhook.repository.ts';
import { ALLOW_HTTP, CreateWebhook } from './use-cases/create-webhook.ts';
import { DeliverEvent } from './use-cases/deliver-event.ts';
import { ListDeliveries } from './use-cases/list-deliveries.ts';
import { SendDelivery } from './use-cases/send-delivery.ts';
import { WorkflowsHandlers } from './workflows.handlers.ts';

@Module({})
export class AppModule {
  static with(env: Env): DynamicModule {
    const httpSender = createHttpSender({
      allowNetworks: env.EGRESS_ALLOW_NETWORKS,
      allowHttp: env.EGRESS_ALLOW_HTTP,
      headersTimeoutMs: SEND_TIMEOUT_MS,
    });
    return {
      module: AppModule,
      controllers: [WorkflowsHandlers, CallConsumers],
      providers: [
        CreateWebhook,
        ListDeliveries,
        DeliverEvent,
        SendDelivery,
        DeliveryLoop,
        WebhookRepository,
        DeliveryRepository,
        WebhookSender,
        { provide: HTTP_SENDER, useValue: httpSender },
        { provide: ALLOW_HTTP, useValue: env.EGRESS_ALLOW_HTTP },
      ],
    };
  }
}
