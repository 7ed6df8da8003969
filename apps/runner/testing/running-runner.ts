import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, type AgentSnapshot } from '@patchbay/contracts/agents';
import { calls, SESSION_BUCKET, type RecordedTurn, type SessionSnapshot } from '@patchbay/contracts/calls';
import { CONNECTION_BUCKET, type ConnectionState, type ResolvedConnection } from '@patchbay/contracts/connections';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { edgeInbox, edgeSubject } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import { runner, type InvocationRecord } from '@patchbay/contracts/runner';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor } from '@patchbay/service-kit/messaging/client';
import { sealFor } from '@patchbay/service-kit/messaging/sealed';
import { SnapshotPublisher } from '@patchbay/service-kit/messaging/snapshots';
import { fakeService } from '@patchbay/testing/fake-service';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { startNats } from '@patchbay/testing/nats-server';
import { ScriptedProvider } from '@patchbay/testing/scripted-provider';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';
import { deployedAgent } from './deployed-agent.ts';

export const SECRET = KNOWN_SECRETS.bearer;
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface AskOptions {
  deadlineMs?: number;
  sessionId?: string;
  turnId?: string;
  toolCallId?: string;
  idempotencyKey?: string;
}

/** The runner with a real broker and database, credentials faked from its contract, a provider with a script, and one deployed agent. */
export class RunningRunner {
  readonly organizationId = newId('organization');
  readonly edgeId = newId('edge');
  readonly versionId = newId('agentVersion');
  sessionId = '';
  readonly #undo = new AsyncDisposableStack();
  nats!: NatsConnection;
  provider!: ScriptedProvider;
  database!: TestDatabase;
  service!: RunningService;
  #sessions!: SnapshotPublisher<SessionSnapshot>;
  #turns: RecordedTurn[] = [];
  readonly connectionId = newId('connection');
  #connections!: SnapshotPublisher<ConnectionState>;
  /** What credentials answers, beside a bearer token. */
  credential: Partial<ResolvedConnection> = {};
  /** What was asked of credentials, in order. */
  readonly resolved: InputOf<typeof credentials.resolveConnection>[] = [];
  readonly uses: InputOf<typeof credentials.reportUse>[] = [];
  readonly checked: string[] = [];
  #environment: Record<string, string> = {};
  readonly #services = new Set<RunningService>();

  static async start(environment: Record<string, string> = {}): Promise<RunningRunner> {
    const running = new RunningRunner();
    await running.#start(environment);
    return running;
  }

  async #start(environment: Record<string, string>): Promise<void> {
    const [server, database, provider] = await Promise.all([startNats(), createTestDatabase('runner'), ScriptedProvider.start()]);
    this.database = database;
    this.#undo.defer(() => Promise.all([server.stop(), provider.stop(), database.drop()]).then(() => undefined));
    this.provider = provider;
    this.nats = await connect({ servers: server.url, inboxPrefix: edgeInbox(this.edgeId) });
    this.#undo.defer(() => this.nats.drain());
    const { connectionId } = this;
    this.#fakeCredentials();
    fakeService(this.nats, calls, {
      listTurns: async ({ sessionId, afterPosition }) => {
        const turns = this.#turns.filter(({ turnId, position }) => turnId.startsWith(sessionId) && position > afterPosition);
        return { turns, position: this.#turns.length };
      },
    });
    const agents = new SnapshotPublisher<AgentSnapshot>(this.nats, AGENT_SNAPSHOT_BUCKET);
    await agents.put(`${this.organizationId}.${this.versionId}`, deployedAgent({ organizationId: this.organizationId, versionId: this.versionId, connectionId, url: this.provider.url }));
    this.#sessions = new SnapshotPublisher<SessionSnapshot>(this.nats, SESSION_BUCKET);
    await this.#sessions.ensure();
    this.#environment = {
      NATS_URL: server.url,
      DATABASE_URL: database.url,
      DATABASE_MIGRATION_URL: database.migrationUrl,
      RUNNER_PORT: '0',
      LOG_LEVEL: 'silent',
      EGRESS_ALLOW_NETWORKS: '127.0.0.0/8',
      EGRESS_ALLOW_HTTP: 'true',
      // A machine that does other things beside is no overload of the runner.
      RUNNER_EVENT_LOOP_LAG_MS: '10000',
      // These tests are full of failures; those of the breaker itself say otherwise.
      RUNNER_BREAKER_MINIMUM_CALLS: '1000',
      RUNNER_BREAKER_FAILURES_IN_A_ROW: '1000',
      RUNNER_REHEARSAL_CALLS: '0',
      ...environment,
    };
    this.service = await this.startRunner();
  }

  /** One more runner at the same broker and database. */
  async startRunner(environment: Record<string, string> = {}): Promise<RunningService> {
    const service = await startService(define(loadEnv('runner', Env, { ...this.#environment, ...environment })));
    this.#services.add(service);
    this.#undo.defer(() => this.stopRunner(service));
    return service;
  }

  /** A deploy: another runner is there before this one is told to stop. */
  async redeploy(): Promise<void> {
    const before = this.service;
    this.service = await this.startRunner();
    await this.stopRunner(before);
  }

  async stopRunner(service: RunningService): Promise<void> {
    if (this.#services.delete(service)) await service.stop();
  }

  /** A turn as calls has recorded it. */
  say(role: 'caller' | 'agent', text: string): string {
    const position = this.#turns.length + 1;
    const turnId = `${this.sessionId}_${position}`;
    const at = new Date().toISOString();
    this.#turns.push({ turnId, index: position, role, text, interrupted: false, startedAt: at, endedAt: at, recordedAt: at, position });
    return turnId;
  }

  #fakeCredentials(): void {
    const { connectionId } = this;
    fakeService(this.nats, credentials, {
      resolveConnection: async (input) => {
        this.resolved.push(input);
        if (input.connectionId !== connectionId) throw new ServiceError('not_found', 'no such connection');
        const { headers: shown = { authorization: `Bearer ${SECRET}` }, signingSecrets = [], fallback = null, ...rest } = this.credential;
        const sealed = await sealFor(input.sealTo!, { headers: shown, signingSecrets, fallback });
        return { connectionId, version: 3, headers: {}, signingSecrets: [], sealed, ...rest };
      },
      reportUse: async (input) => {
        this.uses.push(input);
        return {};
      },
      ensureChecked: async (input) => {
        this.checked.push(...input.connectionIds);
        return {};
      },
    });
  }

  /** What the connection of all functions is like from now on. */
  async connectionBecomes(changes: Partial<ConnectionState>): Promise<void> {
    const { organizationId, connectionId } = this;
    const working = { provider: 'http', version: 3, lifecycle: 'active', health: 'healthy', environment: 'live', isDefault: true } as const;
    this.#connections ??= new SnapshotPublisher<ConnectionState>(this.nats, CONNECTION_BUCKET);
    await this.#connections.put(`${organizationId}.${connectionId}`, { organizationId, connectionId, ...working, grantedScopes: null, reason: null, origins: [], ...changes });
  }

  /** A session of this edge, or of another one. */
  async startSession(state: 'live' | 'ended', edgeId = this.edgeId, channel: SessionSnapshot['channel'] = 'phone'): Promise<string> {
    const sessionId = newId('session');
    await this.#putSession(sessionId, state, edgeId, channel);
    return sessionId;
  }

  /** The caller hangs up. */
  endSession(): Promise<void> {
    return this.#putSession(this.sessionId, 'ended', this.edgeId, 'phone');
  }

  async #putSession(sessionId: string, state: 'live' | 'ended', edgeId: string, channel: SessionSnapshot['channel']): Promise<void> {
    const { organizationId, versionId } = this;
    await this.#sessions.put(`${organizationId}.${sessionId}`, {
      organizationId,
      sessionId,
      edgeId,
      versionId,
      state,
      channel,
      agentId: 'agt_1',
      callerNumber: '+15551234567',
      variables: {},
    });
  }

  /** One request as an edge sends it; an error reply gains `errorCode` and `errorWord` from its headers. */
  async ask<T = Outcome>(operation: string, body: unknown, { deadlineMs }: AskOptions = {}): Promise<T> {
    const marks = headers();
    marks.set('traceparent', TRACEPARENT);
    if (deadlineMs) marks.set('patchbay-deadline-ms', String(deadlineMs));
    const data = typeof body === 'string' ? body : JSON.stringify(body);
    const subject = edgeSubject(this.organizationId, this.edgeId, operation);
    const reply = await this.nats.request(subject, data, { timeout: 10_000, headers: marks });
    const code = reply.headers?.get('Nats-Service-Error-Code');
    const error = code ? { errorCode: Number(code), errorWord: reply.headers?.get('Nats-Service-Error') } : {};
    return { ...error, ...reply.json<object>() } as T;
  }

  invoke(name: string, args: Record<string, unknown>, options: AskOptions = {}): Promise<Outcome> {
    const { sessionId = this.sessionId, turnId = 'trn_1', toolCallId = 'call_1', idempotencyKey } = options;
    return this.ask('invoke', { sessionId, turnId, toolCallId, function: name, arguments: args, ...(idempotencyKey ? { idempotencyKey } : {}) }, options);
  }

  /** The invocations of the session, once all of them are stored. */
  async recorded(): Promise<InvocationRecord[]> {
    const client = clientFor(this.nats, runner);
    for (;;) {
      const { invocations } = await client.listInvocations({ organizationId: this.organizationId, sessionId: this.sessionId });
      if (invocations.length > 0 && invocations.every(({ status }) => status !== 'running')) return invocations;
    }
  }

  stop(): Promise<void> {
    return this.#undo.disposeAsync();
  }
}
