import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { accessEvents, type AccessChange, type Edge } from '@patchbay/contracts/access';
import { credentials } from '@patchbay/contracts/credentials';
import type { EventEnvelope } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { fakeService } from '@patchbay/testing/fake-service';
import { apiKeyOf, callerOf, runGateway, SESSION, type RunningGateway } from '../testing/running-gateway.ts';

const { subject } = accessEvents.accessChanged;
const edges = new Map<string, Edge>();

let gateway: RunningGateway;
let organizationId: string;

beforeAll(async () => {
  gateway = await runGateway();
  ({ organizationId } = gateway);
  fakeService(gateway.nats, credentials, {
    getEdge: async ({ edgeId }) => {
      const edge = edges.get(edgeId);
      if (!edge) throw new ServiceError('not_found', 'no such edge');
      return edge;
    },
  });
  gateway.nats.subscribe(`edge.v1.${organizationId}.*.turn`, { callback: (_error, message) => void message.respond('{}') });
  await gateway.nats.flush();
});
afterAll(() => gateway.stop());

/** As another gateway caused it, and credentials tells it. */
function tell(object: AccessChange['object']): Promise<void> {
  const envelope: EventEnvelope = { id: newId('event'), subject, organizationId, occurredAt: new Date().toISOString(), payload: { object } };
  return tellText(JSON.stringify(envelope));
}

/** Resolves when the gateway has heard it: the answer to a question that it asks afterwards comes to it by the same way. */
async function tellText(text: string): Promise<void> {
  gateway.nats.publish(subject, text);
  await gateway.nats.flush();
  expect(await statusOf(newKey().key)).toBe(200);
}

function newKey(): { key: string; apiKeyId: string } {
  const apiKeyId = newId('apiKey');
  const key = apiKeyOf(apiKeyId);
  gateway.callers.set(key, { ...callerOf(organizationId, ['keys:read']), apiKeyId });
  return { key, apiKeyId };
}

const statusOf = async (key: string) => (await gateway.http('GET', '/v1/caller', { key })).status;
const turnOf = async (edgeId: string) => (await gateway.http('POST', `/v1/edges/${edgeId}/turn`, { body: {} })).status;
const lookUps = () => gateway.asked.filter((asked) => asked.subject === 'credentials.v1.identify').length;

describe('what ended at another gateway ends here as soon as credentials says so', () => {
  it('an API key', async () => {
    const { key, apiKeyId } = newKey();
    expect(await statusOf(key)).toBe(200);
    gateway.callers.delete(key);
    expect(await statusOf(key)).toBe(200);

    await tell({ kind: 'api_key', id: apiKeyId });

    expect(await statusOf(key)).toBe(401);
  });

  it('what a person was', async () => {
    const personId = newId('person');
    gateway.callers.set(SESSION, callerOf(organizationId, ['keys:read'], personId));
    expect(await statusOf(SESSION)).toBe(200);
    gateway.callers.delete(SESSION);

    await tell({ kind: 'person', id: personId });

    expect(await statusOf(SESSION)).toBe(401);
  });

  it('an edge', async () => {
    const edgeId = newId('edge');
    edges.set(edgeId, { edgeId, name: 'Front desk', createdAt: '2026-01-01T00:00:00.000Z', expiresAt: null, revokedAt: null });
    expect(await turnOf(edgeId)).toBe(200);
    edges.delete(edgeId);
    expect(await turnOf(edgeId)).toBe(200);

    await tell({ kind: 'edge', id: edgeId });

    expect(await turnOf(edgeId)).toBe(403);
  });
});

describe('whoever is not concerned', () => {
  it('is not looked up again', async () => {
    const [other, ended] = [newKey(), newKey()];
    for (const { key } of [other, ended]) expect(await statusOf(key)).toBe(200);
    gateway.callers.delete(ended.key);

    await tell({ kind: 'api_key', id: ended.apiKeyId });
    expect(await statusOf(ended.key)).toBe(401);
    const before = lookUps();
    expect(await statusOf(other.key)).toBe(200);

    expect(lookUps()).toBe(before);
  });
});

describe('news that makes no sense', () => {
  it.each(['not JSON', '{}', '{"payload":{"object":{"kind":"planet","id":"x"}}}'])('costs all that was believed, for it may be about anybody: %s', async (text) => {
    const { key } = newKey();
    expect(await statusOf(key)).toBe(200);
    gateway.callers.delete(key);

    await tellText(text);

    expect(await statusOf(key)).toBe(401);
  });
});

describe('a gateway that was cut off', () => {
  it('looks everyone up again when it is back: it does not know what it has missed', async () => {
    const { key } = newKey();
    expect(await statusOf(key)).toBe(200);
    gateway.callers.delete(key);
    const nats = gateway.service.app.get<NatsConnection>(NATS);
    const back = isBack(nats);

    await nats.reconnect();
    await back;

    expect(await statusOf(key)).toBe(401);
  });
});

async function isBack(nats: NatsConnection): Promise<void> {
  for await (const { type } of nats.status()) if (type === 'reconnect') return;
}
