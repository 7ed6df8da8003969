import { connect, credsAuthenticator, headers, type NatsConnection } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api, Json } from './api.ts';

/** The longest that an answer may take; the first call after a restart waits for the service. */
const ANSWER_MS = 20_000;
const TRIES = 20;
const PAUSE_MS = 500;

/** An organization and its edge, made over REST, and the edge's own connection. */
export class Tenant {
  readonly organizationId: string;
  readonly key: string;
  readonly #edgeId: string;
  readonly #nats: NatsConnection;
  #turns = 0;

  private constructor(organizationId: string, key: string, edgeId: string, nats: NatsConnection) {
    this.organizationId = organizationId;
    this.key = key;
    this.#edgeId = edgeId;
    this.#nats = nats;
  }

  static async create(api: Api, operatorKey: string, name: string): Promise<Tenant> {
    const { organizationId, apiKey } = await api.need(operatorKey, 'POST', '/v1/organizations', { name: `${name} ${randomBytes(6).toString('hex')}` });
    const edge = await api.need(String(apiKey), 'POST', '/v1/edges', { name });
    const edgeId = String(edge['edgeId']);
    const authenticator = credsAuthenticator(new TextEncoder().encode(String(edge['credentials'])));
    const nats = await connect({ servers: String(edge['natsUrl']), authenticator, inboxPrefix: `_INBOX_${edgeId}`, maxReconnectAttempts: -1 });
    return new Tenant(String(organizationId), String(apiKey), edgeId, nats);
  }

  async startSession(agent: string): Promise<string> {
    const { sessionId } = await this.ask('session.start', { agent, channel: 'phone', direction: 'inbound', callerNumber: '+15555550100' });
    return String(sessionId);
  }

  /** What the caller says, and the call that the model makes of it. */
  async call(sessionId: string, name: string, args: Json): Promise<Json> {
    const index = this.#turns++;
    const at = new Date().toISOString();
    const turnId = `t${index}`;
    await this.ask('turn', { sessionId, turnId, index, role: 'caller', text: `Please do ${name}.`, startedAt: at, endedAt: at });
    return this.ask('invoke', { sessionId, turnId, toolCallId: `c${index}`, function: name, arguments: args });
  }

  /** Again while a service that was restarted is not back. */
  async ask(operation: string, body: Json): Promise<Json> {
    const marks = headers();
    marks.set('traceparent', `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`);
    for (let left = TRIES; ; left--) {
      const subject = `edge.v1.${this.organizationId}.${this.#edgeId}.${operation}`;
      const answer = await this.#nats.request(subject, JSON.stringify(body), { timeout: ANSWER_MS, headers: marks }).catch((error: Error) => {
        if (left === 0) throw error;
      });
      if (answer && (left === 0 || answer.headers?.get('Nats-Service-Error') !== 'unavailable')) return answer.json<Json>();
      await delay(PAUSE_MS);
    }
  }

  async close(): Promise<void> {
    await this.#nats.drain();
  }
}
