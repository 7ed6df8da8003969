import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@patchbay/service-kit/identity/new-id';
import type { WebhookDelivery } from '@patchbay/contracts/workflows';
import type { ScriptedReply } from '@patchbay/testing/scripted-provider';
import { Webhook } from 'standardwebhooks';
import {
  refusedAs,
  resolvedTo,
  runWorkflows,
  SIGNING_SECRET,
  type RunningWorkflows,
} from '../testing/running-workflows.ts';

let running: RunningWorkflows;
let organizationId: string;
let path: string;
beforeAll(async () => {
  running = await runWorkflows();
});
beforeEach(() => {
  organizationId = newId('organization');
  path = `/${organizationId}`;
  running.credentials.resolve = async () => resolvedTo(SIGNING_SECRET);
});
afterAll(() => running.stop());

const events: ['calls.v1.session.ended'] = ['calls.v1.session.ended'];
const newWebhook = (url = running.receiver.url + path) => running.client.createWebhook({ organizationId, url, events });
const received = () => running.receiver.received.filter((request) => request.path === path);
const field = (name: string) => ({
  code: 'invalid_arguments',
  details: { fields: expect.arrayContaining([expect.objectContaining({ path: name })]) },
});
const attempted = (attempts: number) => (deliveries: WebhookDelivery[]) =>
  deliveries.some((delivery) => delivery.attempts === attempts);
const settled = (deliveries: WebhookDelivery[]) =>
  deliveries.length > 0 && deliveries.every(({ state }) => state !== 'waiting');

/** Ends a call whose webhook answers `replies`, and returns the delivery after the first of them. */
async function firstAttempt(...replies: ScriptedReply[]) {
  const { webhookId } = await newWebhook();
  running.answers(path, ...replies);
  await running.endSession(organizationId);
  const [delivery] = await running.deliveriesWhen({ organizationId, webhookId }, attempted(1));
  return { webhookId, delivery: delivery! };
}

describe('createWebhook', () => {
  it('answers with the secret to verify with, and keeps none itself', async () => {
    const webhook = await newWebhook();
    const [row] = await running.source.query('select * from webhooks where org_id = $1', [organizationId]);

    expect(webhook).toMatchObject({ webhookId: expect.stringMatching(/^wh_/), secret: SIGNING_SECRET, events });
    expect(row.connection_id).toMatch(/^conn_/);
    expect(JSON.stringify(row)).not.toContain(SIGNING_SECRET.slice(6));
  });

  it('keeps an event that is named twice once', async () => {
    const asked = { organizationId, url: running.receiver.url + path, events: [...events, ...events] };

    expect((await running.client.createWebhook(asked)).events).toEqual(events);
  });

  it('refuses a second webhook with the same URL, but not in another organization', async () => {
    const { url } = await newWebhook();

    await expect(newWebhook()).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ path: 'url', problem: 'is taken' }] },
    });
    organizationId = newId('organization');
    await expect(newWebhook(url)).resolves.toMatchObject({ url });
  });

  it('lets one of two that come at the same time win', async () => {
    const both = await Promise.allSettled([newWebhook(), newWebhook()]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await running.client.listWebhooks({ organizationId })).webhooks).toHaveLength(1);
  });

  it.each(['ftp://hooks.example.com/', 'https://user:secret@hooks.example.com/', 'hooks'])(
    'refuses the URL %s by its field',
    async (url) => {
      await expect(newWebhook(url)).rejects.toMatchObject(field('url'));
    },
  );

  it('refuses an event that does not exist', async () => {
    const asked = { organizationId, url: running.receiver.url, events: ['calls.v1.session.began'] } as never;

    await expect(running.client.createWebhook(asked)).rejects.toMatchObject(field('events.0'));
  });
});

describe('listWebhooks', () => {
  it('shows an organization its own webhooks, without their secrets', async () => {
    const { secret, ...webhook } = await newWebhook();

    expect((await running.client.listWebhooks({ organizationId })).webhooks).toEqual([webhook]);
    expect((await running.client.listWebhooks({ organizationId: newId('organization') })).webhooks).toEqual([]);
    expect(secret).toBe(SIGNING_SECRET);
  });
});

describe('an ended session', () => {
  it('is sent to the webhook, signed so that the receiver can verify it', async () => {
    const { webhookId } = await newWebhook();

    const eventId = await running.endSession(organizationId);
    const [delivery] = await running.deliveriesWhen({ organizationId, webhookId }, settled);

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
    const { webhookId } = await newWebhook();
    const eventId = await running.endSession(organizationId);
    await running.endSession(organizationId, eventId);
    // Events are consumed in order: once this one is there, both before it were seen.
    const last = await running.endSession(organizationId);

    const deliveries = await running.deliveriesWhen(
      { organizationId, webhookId },
      (all) => settled(all) && all.some((delivery) => delivery.eventId === last),
    );

    expect(deliveries.map((delivery) => delivery.eventId)).toEqual([last, eventId]);
    expect(received()).toHaveLength(2);
  });

  it('is sent to every webhook of its organization and to none of another', async () => {
    const [first, second] = [await newWebhook(), await newWebhook(`${running.receiver.url}${path}?second`)];
    const owner = organizationId;
    organizationId = newId('organization');
    const stranger = { organizationId, webhookId: (await newWebhook()).webhookId };

    await running.endSession(owner);
    for (const { webhookId } of [first, second])
      await running.deliveriesWhen({ organizationId: owner, webhookId }, settled);

    expect(received()).toHaveLength(2);
    expect((await running.client.listDeliveries(stranger)).deliveries).toEqual([]);
  });

  it('costs one send when two processes look for it at the same time', async () => {
    const { webhookId, delivery } = await firstAttempt({ status: 500 });
    const clock = () => new Date(delivery.nextAttemptAt!);

    const sent = await Promise.all([running.loop.tick(clock), running.loop.tick(clock), running.loop.tick(clock)]);

    expect(sent.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
    await running.deliveriesWhen({ organizationId, webhookId }, settled);
    expect(received()).toHaveLength(2);
  });
});

describe('a delivery', () => {
  it('is repeated with the same id and body after an answer 500, and is then delivered', async () => {
    const { webhookId, delivery } = await firstAttempt({ status: 500 });
    expect(delivery).toMatchObject({ state: 'waiting', lastStatus: 500, lastProblem: 'the receiver answered 500' });
    const waitMs = Date.parse(delivery.nextAttemptAt!) - Date.parse(delivery.createdAt);
    expect(waitMs).toBeGreaterThanOrEqual(5_000);

    await running.loop.tick(() => new Date(delivery.nextAttemptAt!));
    const [after] = await running.deliveriesWhen({ organizationId, webhookId }, settled);

    expect(after).toMatchObject({ state: 'delivered', attempts: 2, lastStatus: 200, lastProblem: null });
    const [first, second] = received();
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body).toBe(first!.body);
    expect(new Webhook(SIGNING_SECRET).verify(second!.body, second!.headers as Record<string, string>)).toBeDefined();
  });

  it('is not sent before its time', async () => {
    const { delivery } = await firstAttempt({ status: 500 });

    await running.loop.tick(() => new Date(Date.parse(delivery.nextAttemptAt!) - 1));

    expect(received()).toHaveLength(1);
  });

  it('is given up at once when the receiver answers 410', async () => {
    const { delivery } = await firstAttempt({ status: 410 });

    expect(delivery).toMatchObject({ state: 'exhausted', lastStatus: 410, nextAttemptAt: null });
  });

  it('waits as long as a receiver that answers 429 asks', async () => {
    const { delivery } = await firstAttempt({ status: 429, headers: { 'retry-after': '3600' } });

    expect(Date.parse(delivery.nextAttemptAt!) - Date.parse(delivery.createdAt)).toBeGreaterThanOrEqual(3_600_000);
  });

  it('follows no redirect', async () => {
    const { delivery } = await firstAttempt({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });

    expect(delivery).toMatchObject({ state: 'waiting', lastStatus: 302 });
  });

  it('waits when the connection is cut', async () => {
    const { delivery } = await firstAttempt({ cut: 'before' });

    expect(delivery).toMatchObject({
      state: 'waiting',
      lastStatus: null,
      lastProblem: expect.stringContaining('connection was lost'),
    });
  });

  it('is given up after ten attempts over three days', async () => {
    const { webhookId, delivery } = await firstAttempt(...Array.from({ length: 10 }, () => ({ status: 500 })));

    let [last]: (WebhookDelivery | undefined)[] = [delivery];
    while (last?.state === 'waiting') {
      const { nextAttemptAt, attempts } = last;
      await running.loop.tick(() => new Date(nextAttemptAt!));
      [last] = await running.deliveriesWhen({ organizationId, webhookId }, attempted(attempts + 1));
    }

    expect(last).toMatchObject({ state: 'exhausted', attempts: 10, lastStatus: 500 });
    expect(received()).toHaveLength(10);
  });

  it('loses no attempt while credentials is not well', async () => {
    running.credentials.resolve = refusedAs('unavailable');
    const { webhookId } = await newWebhook();
    await running.endSession(organizationId);
    const postponed = (all: WebhookDelivery[]) => all.some(({ lastProblem }) => lastProblem !== null);
    const [waiting] = await running.deliveriesWhen({ organizationId, webhookId }, postponed);
    expect(waiting).toMatchObject({
      state: 'waiting',
      attempts: 0,
      lastProblem: expect.stringContaining('cannot be read'),
    });

    running.credentials.resolve = async () => resolvedTo(SIGNING_SECRET);
    await running.loop.tick(() => new Date(waiting!.nextAttemptAt!));
    const [after] = await running.deliveriesWhen({ organizationId, webhookId }, settled);

    expect(after).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('sends nothing unsigned when its secret is lost', async () => {
    running.credentials.resolve = refusedAs('failed_precondition');
    const { webhookId } = await newWebhook();
    await running.endSession(organizationId);

    const [delivery] = await running.deliveriesWhen({ organizationId, webhookId }, attempted(1));

    expect(delivery).toMatchObject({
      state: 'waiting',
      lastProblem: expect.stringContaining('the signing secret cannot be read'),
    });
    expect(received()).toEqual([]);
  });

  it('carries both signatures while the secret is being rotated', async () => {
    const next = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    running.credentials.resolve = async () => resolvedTo(next, SIGNING_SECRET);
    await firstAttempt({ status: 200 });
    const [request] = received();

    for (const secret of [next, SIGNING_SECRET]) {
      expect(new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>)).toBeDefined();
    }
  });
});

describe('listDeliveries', () => {
  it('shows deliveries newest first, a page at a time', async () => {
    const { webhookId } = await newWebhook();
    const eventIds = [await running.endSession(organizationId), await running.endSession(organizationId)];
    await running.deliveriesWhen({ organizationId, webhookId }, (all) => all.length === 2 && settled(all));

    const first = await running.client.listDeliveries({ organizationId, webhookId, limit: 1 });
    const second = await running.client.listDeliveries({
      organizationId,
      webhookId,
      before: first.deliveries[0]!.deliveryId,
    });

    expect([...first.deliveries, ...second.deliveries].map(({ eventId }) => eventId)).toEqual([...eventIds].reverse());
  });

  it('knows no webhook of another organization, nor one that was never made', async () => {
    const { webhookId } = await newWebhook();
    const stranger = newId('organization');

    await expect(running.client.listDeliveries({ organizationId: stranger, webhookId })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(running.client.listDeliveries({ organizationId, webhookId: newId('webhook') })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('refuses a page of no size by its field', async () => {
    const { webhookId } = await newWebhook();

    await expect(running.client.listDeliveries({ organizationId, webhookId, limit: 0 })).rejects.toMatchObject(
      field('limit'),
    );
  });
});
