import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
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

/** Gives an organization one of everything, and returns what it has. */
export async function furnish(party: Party, name: string): Promise<Things> {
  const made = async (path: string, body: unknown, id: string) => String((await party.need('POST', path, body))[id]);
  const connection = await made('/v1/connections', { name: `connection ${name}`, kind: 'bearer', secret: randomBytes(24).toString('hex') }, 'connectionId');
  const apiKey = await made('/v1/api-keys', { name: `key ${name}`, permissions: ['tools:read'] }, 'apiKeyId');
  const person = await made('/v1/people', { email: `${name}@example.com`, role: 'viewer' }, 'personId');
  const webhook = await made('/v1/webhooks', { url: `http://127.0.0.1:9/${name}`, events: ['calls.v1.session.ended'] }, 'webhookId');
  const parameters = { type: 'object', properties: { note: { type: 'string' } } };
  // Nobody listens there: what fails has left its evidence all the same.
  const tool = await made(
    '/v1/tools',
    { name: `tool_${name}`, description: name, effect: 'write.reversible', parameters, http: { method: 'POST', url: `http://127.0.0.1:9/${name}` } },
    'toolId',
  );
  const agent = await made('/v1/agents', { name: `agent ${name}` }, 'agentId');
  const functions = [{ name: 'act', toolId: tool, connectionId: connection, confirmation: { required: false } }];
  const version = await made(`/v1/agents/${agent}/versions`, { instructions: `Instructions of ${name}.`, functions }, 'versionId');
  await party.need('POST', `/v1/agents/${agent}/versions/${version}/deploy`, {});
  const { sessionId, invocationId } = await haveCall(party, agent, name);
  const { entries } = (await party.need('GET', '/v1/audit')) as { entries: { auditId: string }[] };
  return {
    organization: party.organizationId,
    edge: party.edgeId,
    connection,
    apiKey,
    person,
    webhook,
    tool,
    agent,
    version,
    session: sessionId,
    invocation: invocationId,
    turn: `turn-${name}`,
    toolCall: `tool-call-${name}`,
    audit: entries[0]!.auditId,
  };
}

/** One call that has ended, and one that is still going on. */
async function haveCall(party: Party, agent: string, name: string) {
  const at = new Date().toISOString();
  const started = { agent, channel: 'phone', direction: 'inbound', callerNumber: '+15555550199', edgeCallId: `call ${name}` };
  for (const ends of [true, false]) {
    const sessionId = String((await party.edge('session.start', started)).body['sessionId']);
    await party.edge('turn', { sessionId, turnId: `turn-${name}`, index: 0, role: 'caller', text: `Words of ${name}.`, startedAt: at, endedAt: at });
    const call = { sessionId, turnId: `turn-${name}`, toolCallId: `tool-call-${name}`, function: 'act', arguments: { note: name } };
    const invocationId = String((await party.edge('invoke', call)).body['invocationId']);
    if (!ends) return { sessionId, invocationId };
    await party.edge('session.end', { sessionId, reason: 'done', endedAt: at });
  }
  throw new Error('unreachable');
}
