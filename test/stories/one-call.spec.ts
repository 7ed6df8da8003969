import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { anAgent, ask, aTenant, eventually, rest, running, startSession, type Json, type Tenant } from './platform.ts';
import { Provider } from './provider.ts';
import { secretOf } from './secrets.ts';

const SECRET = secretOf('one call');
const ORDER = { type: 'object', properties: { orderId: { type: 'string' } }, required: ['orderId'] };

let tenant: Tenant;
let provider: Provider;
let receiver: Provider;
let webhookSecret: string;

beforeAll(async () => {
  provider = await Provider.start(({ method }) => ({ body: method === 'GET' ? { status: 'shipped', say: 'It arrives tomorrow.' } : { booking: 'B1' } }));
  receiver = await Provider.start(() => ({ body: {} }));
  tenant = await aTenant('one call');
  await anAgent(tenant, 'support', SECRET, [
    { name: 'check_order', effect: 'read', parameters: ORDER, http: { method: 'GET', url: `${provider.url}/orders/{orderId}` } },
    { name: 'book', effect: 'write.reversible', parameters: ORDER, http: { method: 'POST', url: `${provider.url}/bookings` } },
  ]);
  const webhook = await rest(tenant.key, 'POST', '/v1/webhooks', { url: `${receiver.url}/ended`, events: ['calls.v1.session.ended'] });
  webhookSecret = String(webhook.body['secret']);
});

afterAll(async () => {
  await tenant.nats.drain();
  await Promise.all([provider.stop(), receiver.stop()]);
});

interface TimelineEntry extends Json {
  attempts?: Json[];
}
async function timeline(sessionId: string): Promise<TimelineEntry[]> {
  const { body } = await rest(tenant.key, 'GET', `/v1/sessions/${sessionId}/timeline`);
  return body['entries'] as TimelineEntry[];
}

describe('one call, end to end', () => {
  const traceId = randomBytes(16).toString('hex');
  const turnSpanId = randomBytes(8).toString('hex');
  const traceparent = `00-${traceId}-${turnSpanId}-01`;
  let sessionId: string;
  let invocationId: string;

  it('starts with what the agent may do', async () => {
    const started = await ask(tenant, 'session.start', { agent: 'support', channel: 'phone', direction: 'inbound', callerNumber: '+15555550100' });

    expect(started).toMatchObject({ instructions: 'Be kind.', functions: [{ name: 'check_order', effect: 'read' }, { name: 'book' }] });
    sessionId = String(started['sessionId']);
  });

  it('asks the provider once, with its secret, and answers what can be said', async () => {
    const at = new Date().toISOString();
    await ask(tenant, 'turn', { sessionId, turnId: 't1', index: 0, role: 'caller', text: 'Where is order 12345?', startedAt: at, endedAt: at }, traceparent);

    const outcome = await ask(tenant, 'invoke', { sessionId, turnId: 't1', toolCallId: 'c1', function: 'check_order', arguments: { orderId: '12345' } }, traceparent);

    expect(outcome).toMatchObject({ status: 'succeeded', say: 'It arrives tomorrow.', replayed: false, attempts: 1, traceId });
    expect(provider.received).toMatchObject([{ method: 'GET', path: '/orders/12345', authorization: `Bearer ${SECRET}` }]);
    invocationId = String(outcome['invocationId']);
  });

  it('is told in its timeline, with the evidence and what was heard', async () => {
    const at = new Date().toISOString();
    await ask(tenant, 'turn', { sessionId, turnId: 't2', index: 1, role: 'agent', text: 'It arrives tomorrow.', startedAt: at, endedAt: at });
    await ask(tenant, 'heard', { sessionId, turnId: 't2', invocationId, heard: 'full' });

    const entries = await eventually(() => timeline(sessionId), (all) => all.length === 3);

    expect(entries).toMatchObject([
      { kind: 'turn', role: 'caller', traceId },
      { kind: 'invocation', invocationId, status: 'succeeded', heard: 'full', traceId, attempts: [{ attempt: 1, method: 'GET', status: 200 }] },
      { kind: 'turn', role: 'agent' },
    ]);
  });

  it('is one trace: turn → process → execute_tool → attempt', async () => {
    const spans = await eventually(
      async () => (await rest(tenant.key, 'GET', `/v1/traces/${traceId}/spans`)).body['spans'] as Json[],
      (all) => ['process edge', 'execute_tool', 'GET /orders'].every((name) => all.some((span) => String(span['name']).startsWith(name))),
    );

    const byName = (name: string) => spans.find((span) => String(span['name']).startsWith(name))!;
    const process = byName('process edge.v1.{org}.{edge}.invoke');
    const execute = byName('execute_tool check_order');
    const attempt = byName('GET /orders/{orderId}');
    expect([process['parentSpanId'], execute['parentSpanId'], attempt['parentSpanId']]).toEqual([turnSpanId, process['spanId'], execute['spanId']]);
    expect([process['kind'], attempt['kind']]).toEqual(['consumer', 'client']);
  });

  it('ends with a signed webhook', async () => {
    expect(await ask(tenant, 'session.end', { sessionId, reason: 'caller_hung_up', endedAt: new Date().toISOString() })).toEqual({ settling: 0 });

    await eventually(async () => receiver.received, (all) => all.length > 0);
    const { body, headers } = receiver.received[0]!;
    expect(new Webhook(webhookSecret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'calls.v1.session.ended',
      data: { sessionId, endReason: 'caller_hung_up', turns: 2 },
    });
  });

  it('keeps a write on record before and after it is sent', async () => {
    const session = await startSession(tenant, 'support');

    const outcome = await ask(tenant, 'invoke', { sessionId: session, turnId: 't1', toolCallId: 'c1', function: 'book', arguments: { orderId: '7' } });

    expect(await ask(tenant, 'invocation.get', { invocationId: outcome['invocationId'] })).toMatchObject({ status: 'succeeded', result: { booking: 'B1' } });
  });
});

describe('the secret of a connection', () => {
  it('is in no table of any database', async () => {
    const databases = ['credentials', 'catalog', 'agents', 'calls', 'runner', 'workflows', 'observability'];
    const found: string[] = [];
    for (const name of databases) {
      const url = new URL(running().databaseUrl);
      url.pathname = `/${name}`;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      const { rows } = await client.query<{ table: string }>(
        `select format('%I.%I', schemaname, tablename) as table from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      for (const { table } of rows) {
        const hits = await client.query(`select 1 from ${table} t where t::text like $1 limit 1`, [`%${SECRET}%`]);
        if (hits.rowCount) found.push(`${name} ${table}`);
      }
      await client.end();
    }

    expect(found).toEqual([]);
  });

  it('is in no log and no JetStream file', async () => {
    const folder = process.env['PATCHBAY_STORY_DATA']!;
    const grep = promisify(execFile)('grep', ['-rl', SECRET, `${folder}/logs`, `${folder}/nats`]);

    await expect(grep).rejects.toMatchObject({ code: 1, stdout: '' });
  });
});
