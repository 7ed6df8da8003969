import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, AgentSnapshot, DEPLOYMENT_BUCKET, type Deployment } from '@patchbay/contracts/agents';
import { calls, SESSION_BUCKET, SessionSnapshot } from '@patchbay/contracts/calls';
import { credentials } from '@patchbay/contracts/credentials';
import type { ReplyOf } from '@patchbay/contracts/define';
import { edge, edgeInbox, edgeSubject } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { SnapshotMirror, SnapshotPublisher } from '@patchbay/service-kit/messaging/snapshots';
import { createLogger } from '@patchbay/service-kit/telemetry/logger';
import { fakeService } from '@patchbay/testing/fake-service';
import { startNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';
import { RunnerBeside } from './runner-beside.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

export type Answer<T> = T & { errorCode?: number; errorWord?: string; details?: { fields: { path: string }[] } };

/** Calls with a real broker and database, its neighbours faked from their contracts, and one deployed agent. */
export class RunningCalls {
  readonly organizationId = newId('organization');
  readonly edgeId = newId('edge');
  readonly agentId = newId('agent');
  readonly versionId = newId('agentVersion');
  /** Organizations, beside its own, in which the edge has ended. */
  readonly edgeEndedIn = new Map<string, { revokedAt?: string; expiresAt?: string }>();
  readonly #undo = new AsyncDisposableStack();
  nats!: NatsConnection;
  service!: RunningService;
  database!: TestDatabase;
  /** What the runners are told of sessions. */
  sessions!: SnapshotMirror<typeof SessionSnapshot>;
  runner!: RunnerBeside;

  static async start(): Promise<RunningCalls> {
    const running = new RunningCalls();
    await running.#start();
    return running;
  }

  async #start(): Promise<void> {
    const [server, database] = await Promise.all([startNats(), createTestDatabase('calls')]);
    this.database = database;
    this.#undo.defer(() => Promise.all([server.stop(), database.drop()]).then(() => undefined));
    this.nats = await connect({ servers: server.url, inboxPrefix: edgeInbox(this.edgeId) });
    this.#undo.defer(() => this.nats.drain());
    this.#fakeCredentials();
    this.runner = new RunnerBeside(this.nats);
    await this.#deploy();
    const env = {
      NATS_URL: server.url,
      DATABASE_URL: database.url,
      DATABASE_MIGRATION_URL: database.migrationUrl,
      CALLS_PORT: '0',
      LOG_LEVEL: 'silent',
    };
    this.service = await startService(define(loadEnv('calls', Env, env)));
    this.#undo.defer(() => this.service.stop());
    this.sessions = new SnapshotMirror({
      nats: this.nats,
      bucket: SESSION_BUCKET,
      schema: SessionSnapshot,
      logger: createLogger('test', 'silent'),
    });
    await this.sessions.start();
    this.#undo.defer(() => this.sessions.stop());
  }

  #fakeCredentials(): void {
    fakeService(this.nats, credentials, {
      getEdge: async ({ organizationId, edgeId }) => {
        const ended = this.edgeEndedIn.get(organizationId);
        if (ended) return { edgeId, name: 'edge', createdAt: new Date().toISOString(), ...ended };
        if (organizationId !== this.organizationId || edgeId !== this.edgeId) throw new ServiceError('not_found', 'no such edge');
        return { edgeId, name: 'edge', createdAt: new Date().toISOString() };
      },
    });
  }

  async #deploy(): Promise<void> {
    const { organizationId, agentId, versionId } = this;
    const functionOf = (name: string, description: string, effect: string, more: object = {}) => ({
      functionId: newId('function'),
      name,
      description,
      parameters: { type: 'object' },
      effect,
      toolId: newId('tool'),
      toolVersion: 1,
      http: { method: effect === 'read' ? 'GET' : 'POST', url: 'https://example.com/' },
      connectionId: null,
      ...more,
    });
    const agent = AgentSnapshot.parse({
      organizationId,
      agentId,
      agentName: 'support',
      versionId,
      instructions: 'Be kind.',
      turnBudgetMs: 4_000,
      maxDurationMs: 600_000,
      functions: [
        functionOf('check_order', 'Looks an order up.', 'read', { speak: { waiting: ['One moment.', 'Still looking.'] } }),
        functionOf('book_slot', 'Books an appointment.', 'write.reversible'),
        functionOf('send_message', 'Sends a WhatsApp message.', 'message'),
      ],
    });
    await new SnapshotPublisher<AgentSnapshot>(this.nats, AGENT_SNAPSHOT_BUCKET).put(`${organizationId}.${versionId}`, agent);
    const deployments = new SnapshotPublisher<Deployment>(this.nats, DEPLOYMENT_BUCKET);
    await deployments.put(`${organizationId}.${agentId}`, { organizationId, agentId, name: 'support', versionId });
  }

  /** One request as an edge sends it; an error reply gains `errorCode` and `errorWord` from its headers. */
  async ask<T>(operation: string, body: unknown, subject = edgeSubject(this.organizationId, this.edgeId, operation)): Promise<Answer<T>> {
    const marks = headers();
    marks.set('traceparent', TRACEPARENT);
    const reply = await this.nats.request(subject, JSON.stringify(body), { timeout: 10_000, headers: marks });
    const code = reply.headers?.get('Nats-Service-Error-Code');
    const error = code ? { errorCode: Number(code), errorWord: reply.headers?.get('Nats-Service-Error') } : {};
    return { ...error, ...reply.json<object>() } as Answer<T>;
  }

  async startSession(more: object = {}): Promise<string> {
    const { sessionId } = await this.ask<ReplyOf<typeof edge.startSession>>('session.start', { ...aCall, ...more });
    return sessionId;
  }

  say(sessionId: string, index: number, role: 'caller' | 'agent', text: string): Promise<Answer<ReplyOf<typeof edge.turn>>> {
    return this.ask('turn', aTurn(sessionId, index, role, text));
  }

  get client() {
    return clientFor(this.nats, calls);
  }

  timeline(sessionId: string): Promise<ReplyOf<typeof calls.getTimeline>> {
    return this.client.getTimeline({ organizationId: this.organizationId, sessionId });
  }

  stop(): Promise<void> {
    return this.#undo.disposeAsync();
  }
}

export const aCall = { agent: 'support', channel: 'phone', direction: 'inbound', callerNumber: '+15555550100' };

export function aTurn(sessionId: string, index: number, role: 'caller' | 'agent', text: string) {
  const at = new Date(Date.UTC(2026, 0, 1, 12, 0, index)).toISOString();
  return { sessionId, turnId: `trn_${index}`, index, role, text, startedAt: at, endedAt: at };
}
