import { newId } from '@patchbay/service-kit/identity/new-id';
import type { ReceivedRequest, ScriptedReply } from '@patchbay/testing/scripted-provider';
import type { WebhookDelivery } from '@patchbay/contracts/workflows';
import type { RunningWorkflows } from './running-workflows.ts';

export const EVENTS: ['calls.v1.session.ended'] = ['calls.v1.session.ended'];

/** Longer than anything here takes; without an end a failing test would ask for ever. */
const PATIENCE_MS = 15_000;

type Wanted = (deliveries: WebhookDelivery[]) => boolean;

export const settled: Wanted = (all) => all.length > 0 && all.every(({ state }) => state !== 'waiting');
export const attempted =
  (attempts: number): Wanted =>
  (all) =>
    all.some((delivery) => delivery.attempts === attempts);

/** An organization of one test alone, whose receiver listens at a path of its own. */
export function anOrganization({ client, receiver, answers, endSession }: RunningWorkflows) {
  const organizationId = newId('organization');
  const path = `/${organizationId}`;
  const url = receiver.url + path;

  const newWebhook = (to = url) => client.createWebhook({ organizationId, url: to, events: EVENTS });

  async function deliveriesWhen(webhookId: string, wanted: Wanted): Promise<WebhookDelivery[]> {
    for (const endsAt = Date.now() + PATIENCE_MS; ;) {
      const { deliveries } = await client.listDeliveries({ organizationId, webhookId });
      if (wanted(deliveries)) return deliveries;
      if (Date.now() > endsAt) throw new Error(`The deliveries stay as they are: ${JSON.stringify(deliveries)}`);
    }
  }

  return {
    organizationId,
    url,
    newWebhook,
    deliveriesWhen,
    endSession: (eventId?: string) => endSession(organizationId, eventId),
    received: (): ReceivedRequest[] => receiver.received.filter((request) => request.path === path),

    /** Ends a call whose webhook answers `replies`, and returns the delivery after the first of them. */
    async firstAttempt(...replies: ScriptedReply[]) {
      const { webhookId } = await newWebhook();
      answers(path, ...replies);
      await endSession(organizationId);
      const [delivery] = await deliveriesWhen(webhookId, attempted(1));
      return { webhookId, delivery: delivery! };
    },
  };
}
