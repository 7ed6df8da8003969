import { connect, credsAuthenticator, headers, type NatsConnection } from '@nats-io/transport-node';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { keepAnswer } from '../../packages/testing/src/kept-run.ts';

interface Running {
  url: string;
  natsUrl: string;
  apiKey: string;
  databaseUrl: string;
  services: Record<string, { pid: number; port: number }>;
}

export type Json = Record<string, unknown>;

/** The platform of this run as `running.json` describes it; read afresh, because a restarted service has another pid. */
export function running(): Running {
  return JSON.parse(readFileSync(join(process.env['PATCHBAY_STORY_DATA']!, 'running.json'), 'utf8')) as Running;
}

/** The REST API with one key; answers status and body, whatever they are. */
export async function rest(key: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const response = await fetch(running().url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  keepAnswer(`${method} ${path}`, response);
  return { status: response.status, body: (await response.json()) as Json };
}

async function created(key: string, path: string, body: unknown): Promise<Json> {
  const reply = await rest(key, 'POST', path, body);
  if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
}

export interface Tenant {
  organizationId: string;
  key: string;
  edgeId: string;
  /** The edge's own connection, with nothing but its own credentials. */
  nats: NatsConnection;
}

/** An organization with one edge, made as anybody would make it: over REST, then connected with the credentials it was given. */
export async function aTenant(name: string): Promise<Tenant> {
  const { organizationId, apiKey } = await created(running().apiKey, '/v1/organizations', { name: `${name} ${Date.now()}` });
  const key = String(apiKey);
  const edge = await created(key, '/v1/edges', { name: 'edge-1' });
  const nats = await connect({
    servers: String(edge['natsUrl']),
    authenticator: credsAuthenticator(new TextEncoder().encode(String(edge['credentials']))),
    inboxPrefix: `_INBOX_${String(edge['edgeId'])}`,
  });
  return { organizationId: String(organizationId), key, edgeId: String(edge['edgeId']), nats };
}

/** A deployed agent with the given tools, all with the same bearer secret. */
export async function anAgent({ key }: Tenant, name: string, secret: string, tools: Json[]): Promise<void> {
  const { connectionId } = await created(key, '/v1/connections', { name: `${name} account`, kind: 'bearer', secret });
  const functions = await Promise.all(
    tools.map(async (tool) => {
      const { toolId } = await created(key, '/v1/tools', { description: String(tool['name']), ...tool });
      return { name: tool['name'], toolId, connectionId };
    }),
  );
  const { agentId } = await created(key, '/v1/agents', { name });
  const { versionId } = await created(key, `/v1/agents/${String(agentId)}/versions`, { instructions: 'Be kind.', functions });
  await created(key, `/v1/agents/${String(agentId)}/versions/${String(versionId)}/deploy`, {});
}

export interface Reply extends Json {
  /** Of the standard NATS error headers, when the reply is an error. */
  errorCode?: number;
  errorWord?: string;
}

/** One request of the edge contract, as plain as it gets. */
export async function ask(tenant: Tenant, operation: string, body: unknown, traceparent?: string): Promise<Reply> {
  const subject = `edge.v1.${tenant.organizationId}.${tenant.edgeId}.${operation}`;
  return askAt(tenant.nats, subject, typeof body === 'string' ? body : JSON.stringify(body), traceparent);
}

export async function askAt(nats: NatsConnection, subject: string, body: string, traceparent?: string): Promise<Reply> {
  const marks = headers();
  if (traceparent) marks.set('traceparent', traceparent);
  const reply = await nats.request(subject, body, { timeout: 15_000, headers: marks });
  const code = reply.headers?.get('Nats-Service-Error-Code');
  return { ...(code ? { errorCode: Number(code), errorWord: reply.headers?.get('Nats-Service-Error') } : {}), ...reply.json<Json>() };
}

export async function startSession(tenant: Tenant, agent: string): Promise<string> {
  const started = await ask(tenant, 'session.start', { agent, channel: 'phone', direction: 'inbound' });
  if (typeof started['sessionId'] !== 'string') throw new Error(JSON.stringify(started));
  return started['sessionId'];
}

/** Reads again until it is there: evidence of reads and spans are written behind. */
export async function eventually<T>(read: () => Promise<T>, isThere: (value: T) => boolean, withinMs = 20_000): Promise<T> {
  const endsAt = Date.now() + withinMs;
  for (;;) {
    const value = await read();
    if (isThere(value) || Date.now() > endsAt) return value;
    await turnOfTheLoop();
  }
}
