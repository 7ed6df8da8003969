import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { AGENT_SNAPSHOT_BUCKET, type AgentSnapshot, type FunctionSnapshot } from '@patchbay/contracts/agents';
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
import { effectFunctions } from './effect-functions.ts';
import { unusableFunctions } from './unusable-functions.ts';

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
    await agents.put(`${this.organizationId}.${this.versionId}`, this.#agent(connectionId));
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

  #agent(connectionId: string): AgentSnapshot {
    const { url } = this.provider;
    const functionAt = (name: string, more: Partial<FunctionSnapshot>): FunctionSnapshot => ({
      functionId: newId('function'),
      name,
      description: name,
      parameters: {
        type: 'object',
        properties: { orderId: { type: 'string' }, count: { type: 'integer' } },
        required: ['orderId'],
        additionalProperties: false,
      },
      effect: 'read',
      toolId: newId('tool'),
      toolVersion: 1,
      http: { method: 'GET', url: `${url}/orders/{orderId}` },
      timeoutMs: 2_000,
      connectionId,
      ...more,
    });
    const pollAt = (what: string) =>
      ({ http: { method: 'GET', url: `${url}/${what}/{job}` }, everyMs: 250, maxMs: 60_000, done: 'body.state == "done"', failed: 'body.state == "failed"' }) as const;
    const booking = { effect: 'write.reversible', http: { method: 'POST', url: `${url}/bookings` } } as const;
    return {
      organizationId: this.organizationId,
      agentId: newId('agent'),
      agentName: 'support',
      versionId: this.versionId,
      instructions: '',
      speech: { language: 'en', region: 'US', timeZone: 'UTC' },
      turnBudgetMs: 3_000,
      maxDurationMs: 600_000,
      inactivity: { checkInAfterMs: 10_000, maxCheckIns: 2, endAfterMs: 30_000 },
      functions: [
        functionAt('check_order', {}),
        functionAt('scoped_check', { requiredScopes: ['orders.read'] }),
        functionAt('book', booking),
        functionAt('quick_book', { ...booking, timeoutMs: 200 }),
        functionAt('quick_check', { timeoutMs: 200 }),
        functionAt('unconnected', { connectionId: newId('connection') }),
        functionAt('elsewhere', { http: { method: 'GET', url: 'http://169.254.169.254/latest/{orderId}' } }),
        functionAt('refund', { ...booking, effect: 'write.irreversible' }),
        functionAt('asked_check', { confirmation: { required: true } }),
        functionAt('notify', { ...booking, effect: 'message' }),
        functionAt('put_address', { effect: 'write.idempotent', http: { method: 'PUT', url: `${url}/addresses/{orderId}` } }),
        functionAt('verified_book', {
          ...booking,
          verify: { http: { method: 'GET', url: `${url}/bookings/{orderId}` }, done: 'status == 200', notDone: 'status == 404' },
        }),
        functionAt('keyed_book', { ...booking, timeoutMs: 200, idempotency: { strategy: 'header', header: 'x-request-key' } }),
        functionAt('own_id_book', { ...booking, timeoutMs: 400, idempotency: { strategy: 'own_id', parameter: 'bookingId' } }),
        functionAt('upsert_book', { ...booking, idempotency: { strategy: 'upsert' } }),
        functionAt('tagged_book', {
          ...booking,
          idempotency: { strategy: 'metadata_tag', parameter: 'reference' },
          verify: { http: { method: 'GET', url: `${url}/bookings/by-reference/{intentId}` }, done: 'status == 200', notDone: 'status == 404' },
        }),
        functionAt('long_book', { ...booking, expectedMs: 20_000, timeoutMs: 20_000 }),
        functionAt('long_check', { expectedMs: 20_000, timeoutMs: 20_000 }),
        functionAt('make_report', { http: { method: 'POST', url: `${url}/reports` }, poll: pollAt('reports') }),
        functionAt('place_order', { ...booking, http: { method: 'POST', url: `${url}/jobs` }, poll: pollAt('jobs') }),
        functionAt('verified_order', {
          ...booking,
          http: { method: 'POST', url: `${url}/jobs` },
          poll: pollAt('jobs'),
          verify: { http: { method: 'GET', url: `${url}/bookings/{orderId}` }, done: 'status == 200' },
        }),
        functionAt('spoken_check', { speak: { waiting: ['One moment.', 'Still looking.'], afterMs: 20 } }),
        functionAt('mocked_book', { ...booking, mock: { result: { booking: 'mock' } } }),
        functionAt('transfer', {
          effect: 'call_control',
          http: undefined,
          connectionId: null,
          parameters: { type: 'object', properties: {} },
          callControl: { action: 'transfer', mode: 'cold', hunt: false, targets: [{ name: 'desk', kind: 'phone', to: '+15550001111', ringSeconds: 20 }] },
        }),
        ...effectFunctions(functionAt, url),
        ...unusableFunctions(functionAt, url),
        functionAt('nobody_there', { ...booking, http: { method: 'POST', url: 'http://127.0.0.1:1/' } }),
      ],
    };
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
