import { z } from 'zod';
import { rpc } from './define.ts';
import { idOf, OrganizationScope, PageQuery, Timestamp } from './identity.ts';
import { SealingPublicKey } from './sealing.ts';

export const WebhookEvent = z.enum(['calls.v1.session.ended']);

export const Webhook = z
  .object({
    webhookId: idOf('webhook'),
    url: z.url().max(2000),
    events: z.array(WebhookEvent).min(1),
    createdAt: Timestamp,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookDelivery = z
  .object({
    deliveryId: idOf('delivery'),
    webhookId: idOf('webhook'),
    eventId: z.string(),
    subject: z.string(),
    state: z.enum(['waiting', 'delivered', 'exhausted']),
    attempts: z.int(),
    lastStatus: z.int().nullable(),
    lastProblem: z.string().nullable(),
    nextAttemptAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** What happens after a call: signed webhooks to the organization's own systems. */
export const workflows = {
  createWebhook: rpc('workflows.v1.create_webhook', {
    summary: 'Register a URL for events; its signing secret is shown once.',
    input: OrganizationScope.extend({ url: z.url().max(2000), events: z.array(WebhookEvent).min(1), sealTo: SealingPublicKey.optional() }),
    /** `secret` is sealed when there was a key to seal it for. */
    output: Webhook.extend({ secret: z.string() }),
    errors: ['conflict'],
  }),
  listWebhooks: rpc('workflows.v1.list_webhooks', {
    summary: 'List the webhooks of the organization.',
    input: OrganizationScope,
    output: z.object({ webhooks: z.array(Webhook) }),
  }),
  listDeliveries: rpc('workflows.v1.list_deliveries', {
    summary: 'List the deliveries of a webhook, newest first.',
    input: OrganizationScope.extend({ webhookId: idOf('webhook'), ...PageQuery.shape }),
    output: z.object({ deliveries: z.array(WebhookDelivery) }),
    errors: ['not_found'],
  }),
};
