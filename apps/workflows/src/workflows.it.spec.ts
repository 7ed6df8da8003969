import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { Webhook } from 'standardwebhooks';
import { anOrganization, EVENTS, settled } from '../testing/an-organization.ts';
import { runWorkflows, SIGNING_SECRET, type RunningWorkflows } from '../testing/running-workflows.ts';

let running: RunningWorkflows;
beforeAll(async () => {
  running = await runWorkflows();
});
afterAll(() => running.stop());

const field = (path: string) => ({
  code: 'invalid_arguments',
  details: { fields: expect.arrayContaining([expect.objectContaining({ path })]) },
});

describe('createWebhook', () => {
  it('answers with the secret to verify with, and keeps none itself', async () => {
    const { organizationId, newWebhook } = anOrganization(running);

    const webhook = await newWebhook();
    const [row] = await running.database.query('select * from webhooks where org_id = $1', [organizationId]);

    expect(webhook).toMatchObject({ webhookId: expect.stringMatching(/^wh_/), secret: SIGNING_SECRET, events: EVENTS });
    expect(row?.['connection_id']).toMatch(/^conn_/);
    expect(JSON.stringify(row)).not.toContain(SIGNING_SECRET.slice(6));
  });

  it('has its secret bound to the address that it delivers to', async () => {
    const { newWebhook, url } = anOrganization(running);

    await newWebhook();

    expect(running.credentials.boundTo.at(-1)).toEqual([new URL(url).origin]);
  });

  it('keeps an event that is named twice once', async () => {
    const { organizationId, url } = anOrganization(running);

    const { events } = await running.client.createWebhook({ organizationId, url, events: [...EVENTS, ...EVENTS] });

    expect(events).toEqual(EVENTS);
  });

  it('refuses a second webhook with the same URL, but not in another organization', async () => {
    const { newWebhook, url } = anOrganization(running);
    await newWebhook();

    await expect(newWebhook()).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ path: 'url', problem: 'is taken' }] },
    });
    await expect(anOrganization(running).newWebhook(url)).resolves.toMatchObject({ url });
  });

  it('lets one of two that come at the same time win', async () => {
    const { organizationId, newWebhook } = anOrganization(running);

    const both = await Promise.allSettled([newWebhook(), newWebhook()]);

    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await running.client.listWebhooks({ organizationId })).webhooks).toHaveLength(1);
  });

  it.each(['ftp://hooks.example.com/', 'https://user:secret@hooks.example.com/', 'hooks'])(
    'refuses the URL %s by its field',
    async (url) => {
      await expect(anOrganization(running).newWebhook(url)).rejects.toMatchObject(field('url'));
    },
  );

  it('refuses an event that does not exist', async () => {
    const { organizationId, url } = anOrganization(running);
    const asked = { organizationId, url, events: ['calls.v1.session.began'] } as never;

    await expect(running.client.createWebhook(asked)).rejects.toMatchObject(field('events.0'));
  });
});

describe('listWebhooks', () => {
  it('shows an organization its own webhooks, without their secrets', async () => {
    const { organizationId, newWebhook } = anOrganization(running);
    const stranger = anOrganization(running);

    const { webhookId, url, events, createdAt } = await newWebhook();

    expect(await running.client.listWebhooks({ organizationId })).toEqual({
      webhooks: [{ webhookId, url, events, createdAt }],
    });
    expect((await running.client.listWebhooks(stranger)).webhooks).toEqual([]);
  });
});

describe('an ended session', () => {
  it('is sent to the webhook, signed so that the receiver can verify it', async () => {
    const { newWebhook, endSession, deliveriesWhen, received } = anOrganization(running);
    const { webhookId } = await newWebhook();

    const eventId = await endSession();
    const [delivery] = await deliveriesWhen(webhookId, settled);

    const [request] = received();
    expect(new Webhook(SIGNING_SECRET).verify(request!.body, request!.headers as Record<string, string>)).toEqual({
      type: 'calls.v1.session.ended',
      timestamp: '2026-11-21T08:03:00.000Z',
      data: expect.objectContaining({ sessionId: 'ses_1', agentName: 'Reception', turns: 7 }),
    });
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': delivery!.deliveryId },
    });
    expect(delivery).toMatchObject({
      webhookId,
      eventId,
      state: 'delivered',
      attempts: 1,
      lastStatus: 200,
      nextAttemptAt: null,
    });
  });

  it('is sent once although the event arrives twice', async () => {
    const { newWebhook, endSession, deliveriesWhen, received } = anOrganization(running);
    const { webhookId } = await newWebhook();
    const eventId = await endSession();
    await endSession(eventId);
    // Events are consumed in order: once this one is there, both before it were seen.
    const last = await endSession();

    const deliveries = await deliveriesWhen(
      webhookId,
      (all) => settled(all) && all.some((delivery) => delivery.eventId === last),
    );

    expect(deliveries.map((delivery) => delivery.eventId)).toEqual([last, eventId]);
    expect(received()).toHaveLength(2);
  });

  it('is sent to every webhook of its organization and to none of another', async () => {
    const [owner, stranger] = [anOrganization(running), anOrganization(running)];
    const first = await owner.newWebhook();
    const second = await owner.newWebhook(`${owner.url}?second`);
    const foreign = await stranger.newWebhook();

    await owner.endSession();
    for (const { webhookId } of [first, second]) await owner.deliveriesWhen(webhookId, settled);

    expect(owner.received()).toHaveLength(2);
    expect(await stranger.deliveriesWhen(foreign.webhookId, () => true)).toEqual([]);
  });
});

describe('listDeliveries', () => {
  it('shows deliveries newest first, a page at a time', async () => {
    const { organizationId, newWebhook, endSession, deliveriesWhen } = anOrganization(running);
    const { webhookId } = await newWebhook();
    const [older, newer] = [await endSession(), await endSession()];
    await deliveriesWhen(webhookId, (all) => all.length === 2 && settled(all));

    const first = await running.client.listDeliveries({ organizationId, webhookId, limit: 1 });
    const before = first.deliveries[0]!.deliveryId;
    const second = await running.client.listDeliveries({ organizationId, webhookId, before });

    expect(first.deliveries.map(({ eventId }) => eventId)).toEqual([newer]);
    expect(second.deliveries.map(({ eventId }) => eventId)).toEqual([older]);
  });

  it('knows no webhook of another organization, nor one that was never made', async () => {
    const [owner, stranger] = [anOrganization(running), anOrganization(running)];
    const { webhookId } = await owner.newWebhook();

    for (const asked of [
      { organizationId: stranger.organizationId, webhookId },
      { organizationId: owner.organizationId, webhookId: newId('webhook') },
    ]) {
      await expect(running.client.listDeliveries(asked)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('refuses a page of no size by its field', async () => {
    const { organizationId, newWebhook } = anOrganization(running);
    const { webhookId } = await newWebhook();

    await expect(running.client.listDeliveries({ organizationId, webhookId, limit: 0 })).rejects.toMatchObject(
      field('limit'),
    );
  });
});
