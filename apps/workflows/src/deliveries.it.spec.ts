import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import type { WebhookDelivery } from '@patchbay/contracts/workflows';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import type { ReceivedRequest } from '@patchbay/testing/scripted-provider';
import { Webhook } from 'standardwebhooks';
import { DeliveryRepository } from './outside/delivery.repository.ts';
import { anOrganization, attempted, settled } from '../testing/an-organization.ts';
import {
  refusedAs,
  resolvedTo,
  runWorkflows,
  sealedTo,
  SIGNING_SECRET,
  type RunningWorkflows,
} from '../testing/running-workflows.ts';

let running: RunningWorkflows;
beforeAll(async () => {
  running = await runWorkflows();
});
beforeEach(() => {
  running.credentials.resolve = sealedTo(SIGNING_SECRET);
});
afterAll(() => running.stop());

const verify = ({ body, headers }: ReceivedRequest, secret = SIGNING_SECRET) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
const waitMs = ({ nextAttemptAt, createdAt }: WebhookDelivery) => Date.parse(nextAttemptAt!) - Date.parse(createdAt);
/** The clock at the time when a delivery is due. */
const due =
  ({ nextAttemptAt }: WebhookDelivery, plusMs = 0) =>
  () =>
    new Date(Date.parse(nextAttemptAt!) + plusMs);

describe('a delivery', () => {
  it('is repeated with the same id and body after an answer 500, and is then delivered', async () => {
    const { firstAttempt, deliveriesWhen, received } = anOrganization(running);
    const { webhookId, delivery } = await firstAttempt({ status: 500 });
    expect(delivery).toMatchObject({ state: 'waiting', lastStatus: 500, lastProblem: 'the receiver answered 500' });
    expect(waitMs(delivery)).toBeGreaterThanOrEqual(5_000);

    await running.loop.tick(due(delivery));
    const [after] = await deliveriesWhen(webhookId, settled);

    expect(after).toMatchObject({ state: 'delivered', attempts: 2, lastStatus: 200, lastProblem: null });
    const [first, second] = received();
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body).toBe(first!.body);
    expect(verify(second!)).toBeDefined();
  });

  it('is not sent before its time', async () => {
    const { firstAttempt, received } = anOrganization(running);
    const { delivery } = await firstAttempt({ status: 429, headers: { 'retry-after': '3600' } });

    await running.loop.tick(due(delivery, -1));

    expect(received()).toHaveLength(1);
  });

  it('is sent by one only of several that look for it at the same time', async () => {
    const { firstAttempt, deliveriesWhen, received } = anOrganization(running);
    const { webhookId, delivery } = await firstAttempt({ status: 500 });

    await Promise.all([1, 2, 3].map(() => running.loop.tick(due(delivery))));
    await deliveriesWhen(webhookId, settled);

    expect(received()).toHaveLength(2);
  });

  it('is left alone by a process while another one is claiming it', async () => {
    const { firstAttempt } = anOrganization(running);
    const { delivery } = await firstAttempt({ status: 500 });
    const deliveries = running.service.app.get(DeliveryRepository);
    const now = due(delivery)();
    const claim = { now, leasedUntil: new Date(now.getTime() + 60_000), limit: 100 };

    const [first, second] = await acrossOrganizations(running.source, async (tx) => {
      const claimed = await deliveries.claimDue(tx, claim);
      const left = await acrossOrganizations(running.source, async (other) => {
        await other.query(`set local lock_timeout = '1s'`);
        return deliveries.claimDue(other, claim);
      });
      return [claimed, left];
    });

    expect(first!.map(({ delivery_id }) => delivery_id)).toContain(delivery.deliveryId);
    expect(second).toEqual([]);
  });

  it('is sent again when the process that took it has died', async () => {
    const { firstAttempt, deliveriesWhen, received } = anOrganization(running);
    const { webhookId, delivery } = await firstAttempt({ status: 500 });
    const leasedUntil = new Date(Date.now() + 3_600_000);
    await running.database.query('update deliveries set next_attempt_at = $2 where delivery_id = $1', [
      delivery.deliveryId,
      leasedUntil,
    ]);

    await running.loop.tick(() => leasedUntil);
    await deliveriesWhen(webhookId, settled);

    expect(received()).toHaveLength(2);
  });

  it('is given up at once when the receiver answers 410', async () => {
    const { delivery } = await anOrganization(running).firstAttempt({ status: 410 });

    expect(delivery).toMatchObject({ state: 'exhausted', lastStatus: 410, nextAttemptAt: null });
  });

  it('waits as long as a receiver that answers 429 asks', async () => {
    const { delivery } = await anOrganization(running).firstAttempt({
      status: 429,
      headers: { 'retry-after': '3600' },
    });

    expect(waitMs(delivery)).toBeGreaterThanOrEqual(3_600_000);
  });

  it('follows no redirect', async () => {
    const { delivery } = await anOrganization(running).firstAttempt({
      status: 302,
      headers: { location: 'http://127.0.0.1:1/' },
    });

    expect(delivery).toMatchObject({ state: 'waiting', lastStatus: 302 });
  });

  it('waits when the connection is cut', async () => {
    const { delivery } = await anOrganization(running).firstAttempt({ cut: 'before' });

    expect(delivery).toMatchObject({
      state: 'waiting',
      lastStatus: null,
      lastProblem: expect.stringContaining('connection was lost'),
    });
  });

  it('is given up after ten attempts', async () => {
    const { firstAttempt, deliveriesWhen, received } = anOrganization(running);
    const { webhookId, delivery } = await firstAttempt(...Array.from({ length: 11 }, () => ({ status: 500 })));

    let last = delivery;
    while (last.state === 'waiting') {
      const { attempts } = last;
      await running.loop.tick(due(last));
      [last] = (await deliveriesWhen(webhookId, attempted(attempts + 1))) as [WebhookDelivery];
    }

    expect(last).toMatchObject({ state: 'exhausted', attempts: 10, lastStatus: 500 });
    expect(received()).toHaveLength(10);
  });
});

describe('the signature', () => {
  it('is made with both secrets while they are being rotated', async () => {
    const { firstAttempt, received } = anOrganization(running);
    const next = KNOWN_SECRETS.signingNext;
    running.credentials.resolve = sealedTo(next, SIGNING_SECRET);
    await firstAttempt({ status: 200 });

    const [request] = received();

    expect(verify(request!, next)).toBeDefined();
    expect(verify(request!, SIGNING_SECRET)).toBeDefined();
  });

  it('is made with secrets that an earlier release of credentials sends as they are', async () => {
    const { firstAttempt, received } = anOrganization(running);
    const asItIs = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    running.credentials.resolve = async () => resolvedTo(asItIs);
    await firstAttempt({ status: 200 });

    expect(verify(received()[0]!, asItIs)).toBeDefined();
  });

  it('is never left out: nothing is sent when the secret is lost', async () => {
    const { firstAttempt, received } = anOrganization(running);
    running.credentials.resolve = refusedAs('failed_precondition');

    const { delivery } = await firstAttempt({ status: 200 });

    expect(delivery).toMatchObject({
      state: 'waiting',
      lastProblem: expect.stringContaining('the signing secret cannot be read'),
    });
    expect(received()).toEqual([]);
  });

  it('is waited for without losing an attempt while credentials is not well', async () => {
    const { newWebhook, endSession, deliveriesWhen } = anOrganization(running);
    running.credentials.resolve = refusedAs('unavailable');
    const { webhookId } = await newWebhook();
    await endSession();
    const [waiting] = await deliveriesWhen(webhookId, ([delivery]) => Boolean(delivery?.lastProblem));
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 0 });

    running.credentials.resolve = sealedTo(SIGNING_SECRET);
    await running.loop.tick(due(waiting!));
    const [after] = await deliveriesWhen(webhookId, settled);

    expect(after).toMatchObject({ state: 'delivered', attempts: 1 });
  });
});

describe('the delivery loop', () => {
  it('finishes what is under way before it stops, and takes nothing new', async () => {
    const own = await runWorkflows();
    const { url, newWebhook, endSession, deliveriesWhen, received } = anOrganization(own);
    const { webhookId } = await newWebhook();
    own.answers(new URL(url).pathname, { status: 200, delayMs: 200 });
    await endSession();
    await deliveriesWhen(webhookId, () => received().length === 1);

    await own.loop.beforeApplicationShutdown();
    await endSession();
    const [second, first] = await deliveriesWhen(webhookId, ({ length }) => length === 2);

    expect(first).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(second).toMatchObject({ state: 'waiting', attempts: 0 });
    await own.stop();
  });
});
