import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { EdgeNode } from '../replay/edge-node.ts';
import { anAgent, aTenant, rest, running, startSession, type Tenant } from './platform.ts';
import { Provider } from './provider.ts';
import { secretOf } from './secrets.ts';

const SERVICES = ['runner', 'calls', 'credentials', 'agents', 'catalog', 'observability', 'workflows', 'gateway', 'console'];
const CALLERS = 4;

let tenant: Tenant;
let provider: Provider;
let edge: EdgeNode;
let sessionId: string;

beforeAll(async () => {
  provider = await Provider.start(() => ({ body: { booking: 'B1' } }));
  tenant = await aTenant('restart');
  const parameters = { type: 'object', properties: { n: { type: 'string' } }, required: ['n'] };
  await anAgent(tenant, 'support', secretOf('restart'), [
    { name: 'book', effect: 'write.reversible', parameters, http: { method: 'POST', url: `${provider.url}/bookings` } },
  ]);
  sessionId = await startSession(tenant, 'support');
  const created = await rest(tenant.key, 'POST', '/v1/edges', { name: 'edge-2' });
  const { edgeId, natsUrl, credentials } = created.body as Record<string, string>;
  edge = await EdgeNode.connect({ organizationId: tenant.organizationId, edgeId: edgeId!, natsUrl: natsUrl!, credentials: credentials! });
  const started = await edge.ask({ operation: 'session.start', body: { agent: 'support', channel: 'phone', direction: 'inbound' }, traceparent: '', repeatable: true });
  sessionId = started.at('sessionId').string();
});

afterAll(async () => {
  await edge.close();
  await tenant.nats.drain();
  await provider.stop();
});

/** Calls one after another until told to stop; answers how each ended. */
async function callUntil(stopped: () => boolean, caller: string): Promise<string[]> {
  const statuses: string[] = [];
  for (let n = 0; !stopped(); n++) {
    const at = new Date().toISOString();
    const turn = { sessionId, turnId: `t${caller}_${n}`, index: n, role: 'caller', text: 'book', startedAt: at, endedAt: at };
    await edge.ask({ operation: 'turn', body: turn, traceparent: '', repeatable: true });
    const call = { sessionId, turnId: turn.turnId, toolCallId: `c${caller}_${n}`, function: 'book', arguments: { n: `${caller}/${n}` } };
    const outcome = await edge.ask({ operation: 'invoke', body: call, traceparent: '', repeatable: false });
    statuses.push(outcome.at('status').string());
  }
  return statuses;
}

async function readyAgain(name: string, before: number): Promise<void> {
  for (;;) {
    const { pid, port } = running().services[name]!;
    const answer = pid === before ? undefined : await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await turnOfTheLoop();
  }
}

describe('SIGTERM under load', () => {
  it.each(SERVICES)('of %s loses no call', async (name) => {
    provider.received.length = 0;
    const { pid } = running().services[name]!;
    let stopped = false;
    const calling = Array.from({ length: CALLERS }, (_, caller) => callUntil(() => stopped, `${name}_${caller}`));
    while (provider.received.length < 2 * CALLERS) await tenant.nats.flush();

    process.kill(pid, 'SIGTERM');
    await readyAgain(name, pid);
    const seen = provider.received.length;
    while (provider.received.length < seen + CALLERS) await tenant.nats.flush();
    stopped = true;

    const statuses = (await Promise.all(calling)).flat();
    expect(new Set(statuses)).toEqual(new Set(['succeeded']));
    expect(provider.received.map(({ body }) => body).sort()).toEqual([...new Set(provider.received.map(({ body }) => body))].sort());
    expect(provider.received).toHaveLength(statuses.length);
  });
});
