import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Things } from './sample.ts';

type Json = Record<string, unknown>;

export interface Platform {
  url: string;
  /** Of the operator: may make organizations. */
  apiKey: string;
}

export interface Reply {
  status: number;
  body: Json;
  text: string;
}

/** An organization, its key, its edge and the edge's connection. */
export class Party {
  readonly organizationId: string;
  readonly edgeId: string;
  readonly nats: NatsConnection;
  readonly #url: string;
  readonly #key: string;

  private constructor(url: string, key: string, organizationId: string, edgeId: string, nats: NatsConnection) {
    this.#url = url;
    this.#key = key;
    this.organizationId = organizationId;
    this.edgeId = edgeId;
    this.nats = nats;
  }

  /** @param name stands in everything it makes, so that it is known again wherever it comes up */
  static async create({ url, apiKey }: Platform, name: string): Promise<Party> {
    const { organizationId, apiKey: key } = await need(url, apiKey, 'POST', '/v1/organizations', { name: `organization ${name}` });
    const edge = await need(url, String(key), 'POST', '/v1/edges', { name: `edge ${name}` });
    const edgeId = String(edge['edgeId']);
    const authenticator = credsAuthenticator(new TextEncoder().encode(String(edge['credentials'])));
    const nats = await connect({ servers: String(edge['natsUrl']), authenticator, inboxPrefix: `_INBOX_${edgeId}` });
    return new Party(url, String(key), String(organizationId), edgeId, nats);
  }

  ask(method: string, path: string, body?: unknown, organization?: string): Promise<Reply> {
    return ask(this.#url, this.#key, method, path, body, organization);
  }

  need(method: string, path: string, body?: unknown): Promise<Json> {
    return need(this.#url, this.#key, method, path, body);
  }

  async edge(operation: string, body: unknown): Promise<{ code: string | undefined; text: string; body: Json }> {
    const subject = `edge.v1.${this.organizationId}.${this.edgeId}.${operation}`;
    const reply = await this.nats.request(subject, JSON.stringify(body), { timeout: 15_000 });
    const isError = reply.headers?.has('Nats-Service-Error-Code') ?? false;
    return { code: isError ? String(reply.json<Json>()['code']) : undefined, text: reply.string(), body: reply.json<Json>() };
  }
}

async function ask(url: string, key: string, method: string, path: string, body?: unknown, organization?: string): Promise<Reply> {
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(organization ? { 'patchbay-organization': organization } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isObject = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return { status: response.status, body: isObject ? (JSON.parse(text) as Json) : {}, text };
}

async function need(url: string, key: string, method: string, path: string, body?: unknown): Promise<Json> {
  const reply = await ask(url, key, method, path, body);
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text.slice(0, 500)}`);
  return reply.body;
}

/** Gives an organization one of everything, and returns what it has. `outside`: where its tools, webhooks and providers are. */
export async function furnish(party: Party, name: string, outside: string): Promise<Things> {
  const made = async (path: string, body: unknown, id: string) => String((await party.need('POST', path, body))[id]);
  const connection = await made('/v1/connections', { name: `connection ${name}`, kind: 'bearer', secret: randomBytes(24).toString('hex') }, 'connectionId');
  await connectByOAuth(party, name, outside);
  const apiKey = await made('/v1/api-keys', { name: `key ${name}`, permissions: ['tools:read'] }, 'apiKeyId');
  // The end of one is told to gateways, through the outbox.
  await party.need('DELETE', `/v1/api-keys/${await made('/v1/api-keys', { name: `ended key ${name}`, permissions: ['tools:read'] }, 'apiKeyId')}`);
  const person = await made('/v1/people', { email: `${name}@example.com`, role: 'viewer' }, 'personId');
  const webhook = await made('/v1/webhooks', { url: `${outside}/${name}`, events: ['calls.v1.session.ended'] }, 'webhookId');
  const parameters = { type: 'object', properties: { note: { type: 'string' } } };
  const http = { method: 'POST', url: `${outside}/${name}` };
  const tool = await made('/v1/tools', { name: `tool_${name}`, description: name, effect: 'write.reversible', parameters, http }, 'toolId');
  // Answered `pending`: it only starts something.
  const poll = { http: { method: 'GET', url: `${outside}/${name}` }, everyMs: 250, done: 'status == 200' };
  const started = await made('/v1/tools', { name: `started_${name}`, description: name, effect: 'write.reversible', parameters, http, poll }, 'toolId');
  const agent = await made('/v1/agents', { name: `agent ${name}` }, 'agentId');
  const functions = [
    { name: 'act', toolId: tool, connectionId: connection, confirmation: { required: false } },
    { name: 'ask_first', toolId: tool, connectionId: connection, confirmation: { required: true } },
    { name: 'start', toolId: started, connectionId: connection, confirmation: { required: false } },
  ];
  const version = await made(`/v1/agents/${agent}/versions`, { instructions: `Instructions of ${name}.`, functions }, 'versionId');
  await party.need('POST', `/v1/agents/${agent}/versions/${version}/deploy`, {});
  // The turn and tool call are words of the edge, and have no name in them.
  const words = { turn: `turn-${randomBytes(8).toString('hex')}`, toolCall: `call-${randomBytes(8).toString('hex')}` };
  await haveCall(party, { agent, name, ...words, ends: true });
  const { sessionId, invocationId } = await haveCall(party, { agent, name, ...words, ends: false });
  const { entries } = (await party.need('GET', '/v1/audit')) as { entries: { auditId: string }[] };
  const owned = { organization: party.organizationId, edge: party.edgeId, connection, apiKey, person, webhook, tool, agent, version };
  return { ...owned, ...words, session: sessionId, invocation: invocationId, audit: entries[0]!.auditId };
}

/** One with tokens, and one whose authorization was begun. */
async function connectByOAuth(party: Party, name: string, outside: string): Promise<void> {
  const secret = randomBytes(24).toString('hex');
  const oauth = { clientId: name, tokenUrl: `${outside}/token`, authorizationUrl: `${outside}/authorize` };
  await party.need('POST', '/v1/connections', { name: `client ${name}`, kind: 'oauth2_client_credentials', secret, settings: { oauth } });
  const draft = await party.need('POST', '/v1/connections', { name: `account ${name}`, kind: 'oauth2_authorization_code', secret, settings: { oauth } });
  await party.need('POST', `/v1/connections/${String(draft['connectionId'])}/authorize`, {});
}

interface Call {
  agent: string;
  name: string;
  turn: string;
  toolCall: string;
  ends: boolean;
}

async function haveCall(party: Party, { agent, name, turn, toolCall, ends }: Call) {
  const at = new Date().toISOString();
  const session = await party.edge('session.start', { agent, channel: 'phone', direction: 'inbound', callerNumber: '+15555550199', edgeCallId: `call ${name}` });
  const sessionId = String(session.body['sessionId']);
  const say = (turnId: string, index: number, role: string, text: string) =>
    party.edge('turn', { sessionId, turnId, index, role, text, startedAt: at, endedAt: at });
  await say(turn, 0, 'caller', `Please book it, says ${name}.`);
  const call = { sessionId, turnId: turn, arguments: { note: name } };
  await party.edge('invoke', { ...call, toolCallId: `${toolCall}-asked`, function: 'ask_first', arguments: { note: `${name} asks` } });
  const started = await party.edge('invoke', { ...call, toolCallId: `${toolCall}-started`, function: 'start', arguments: { note: `${name} starts` } });
  const invoked = await party.edge('invoke', { ...call, toolCallId: toolCall, function: 'act' });
  const invocationId = String(invoked.body['invocationId']);
  await say(`${turn}-2`, 1, 'agent', 'I have refunded your payment and sent you an email.');
  await party.edge('heard', { sessionId, turnId: `${turn}-2`, invocationId, heard: 'none' });
  // Nothing goes on behind what is looked at later.
  while ((await party.edge('invocation.get', { invocationId: started.body['invocationId'] })).body['status'] === 'pending') await wait(50);
  if (ends) await party.edge('session.end', { sessionId, reason: 'done', endedAt: at });
  return { sessionId, invocationId };
}
