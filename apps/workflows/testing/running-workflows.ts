import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { callEvents } from '@patchbay/contracts/calls';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { workflows } from '@patchbay/contracts/workflows';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { ensureEventStream } from '@patchbay/service-kit/messaging/event-stream';
import { sealFor, SealingKey } from '@patchbay/service-kit/messaging/sealed';
import { fakeService } from '@patchbay/testing/fake-service';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { startNats } from '@patchbay/testing/nats-server';
import { ScriptedProvider, type ScriptedReply } from '@patchbay/testing/scripted-provider';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { DataSource } from 'typeorm';
import { Env } from '../src/env.ts';
import { DeliveryLoop } from '../src/loops/delivery-loop.ts';
import { define } from '../src/service.ts';

export const SIGNING_SECRET = KNOWN_SECRETS.signing;

type ResolvedSecrets = ReplyOf<typeof credentials.resolveSigningSecrets>;
type Resolve = (asked: Pick<InputOf<typeof credentials.resolveSigningSecrets>, 'sealTo'>) => Promise<ResolvedSecrets>;

export interface RunningWorkflows {
  service: RunningService;
  database: TestDatabase;
  client: ClientOf<typeof workflows>;
  loop: DeliveryLoop;
  source: DataSource;
  /** An organization's own system, which is told what happened. */
  receiver: ScriptedProvider;
  /** The next answers of the receiver at a path; after them it answers 200. Deliveries of other paths do not use them up. */
  answers(path: string, ...replies: ScriptedReply[]): void;
  /** What credentials answers to `resolveSigningSecrets`; changed by tests in which it is not well. */
  /** `boundTo`: where each signing secret that was made may be used. */
  credentials: { resolve: Resolve; boundTo: (string[] | undefined)[] };
  endSession(organizationId: string, eventId?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function runWorkflows(): Promise<RunningWorkflows> {
  const [database, server, receiver] = await Promise.all([createTestDatabase('workflows'), startNats(), ScriptedProvider.start()]);
  const nats = await connect({ servers: server.url });
  const neighbour = fakeCredentials(nats);
  await ensureEventStream(nats, 'calls');
  const env = loadEnv('workflows', Env, {
    NATS_URL: server.url,
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.migrationUrl,
    LOG_LEVEL: 'silent',
    WORKFLOWS_PORT: '0',
    EGRESS_ALLOW_NETWORKS: '127.0.0.0/8',
    EGRESS_ALLOW_HTTP: 'true',
  });
  const service = await startService(define(env));
  const client = await sealingClient(clientFor(nats, workflows));
  const scripts = new Map<string, ScriptedReply[]>();
  receiver.otherwise(({ path }) => scripts.get(path)?.shift() ?? {});
  return {
    service,
    database,
    client,
    receiver,
    answers: (path, ...replies) => void scripts.set(path, replies),
    credentials: neighbour,
    loop: service.app.get(DeliveryLoop),
    source: service.app.get(DataSource),
    endSession: (organizationId, eventId = newId('event')) => endSession(nats, organizationId, eventId),
    async stop() {
      await service.stop();
      await nats.drain();
      await receiver.stop();
      await server.stop();
      await database.drop();
    },
  };
}

/** As the gateway asks: the secret of a webhook crosses NATS sealed. */
async function sealingClient(plain: ClientOf<typeof workflows>): Promise<ClientOf<typeof workflows>> {
  const key = await SealingKey.make();
  return {
    ...plain,
    async createWebhook(request, options) {
      const answer = await plain.createWebhook({ ...request, sealTo: key.publicKey }, options);
      return { ...answer, secret: String(await key.open(answer.secret)) };
    },
  };
}

function fakeCredentials(nats: NatsConnection) {
  const neighbour = { resolve: sealedTo(SIGNING_SECRET), boundTo: [] as (string[] | undefined)[] };
  fakeService(nats, credentials, {
    createSigningSecret: async ({ name, origins, sealTo }) => {
      neighbour.boundTo.push(origins);
      return {
        connection: {
          connectionId: newId('connection'),
          name,
          provider: 'http',
          kind: 'signing_secret' as const,
          hint: SIGNING_SECRET.slice(-4),
          sandbox: false,
          version: 1,
          createdAt: new Date().toISOString(),
        },
        secret: sealTo ? await sealFor(sealTo, SIGNING_SECRET) : SIGNING_SECRET,
      };
    },
    resolveSigningSecrets: (asked) => neighbour.resolve(asked),
  });
  return neighbour;
}

/** As credentials answers: for the eyes of whoever asked only. */
export function sealedTo(...signingSecrets: string[]): Resolve {
  return async ({ sealTo }) => ({ signingSecrets: [], sealed: await sealFor(sealTo!, { signingSecrets }) });
}

/** As an earlier release of credentials answers. */
export function resolvedTo(...signingSecrets: string[]): ResolvedSecrets {
  return { signingSecrets, sealed: null };
}

export function refusedAs(code: ConstructorParameters<typeof ServiceError>[0]) {
  return () => Promise.reject(new ServiceError(code, `credentials says ${code}.`));
}

/** Publishes without a message id, so that JetStream itself recognises no repeat. */
async function endSession(nats: NatsConnection, organizationId: string, id: string): Promise<string> {
  const { subject } = callEvents.sessionEnded;
  const payload = {
    sessionId: 'ses_1',
    edgeId: 'edge_1',
    agentId: 'agt_1',
    agentName: 'Reception',
    agentVersion: 'ver_1',
    channel: 'phone',
    direction: 'inbound',
    callerNumber: null,
    calledNumber: null,
    edgeCallId: null,
    state: 'ended',
    startedAt: '2026-11-21T08:00:00.000Z',
    endedAt: '2026-11-21T08:03:00.000Z',
    endReason: 'caller hung up',
    turns: 7,
  };
  const envelope = { id, subject, organizationId, occurredAt: '2026-11-21T08:03:00.000Z', payload };
  await jetstream(nats).publish(subject, JSON.stringify(envelope));
  return id;
}
