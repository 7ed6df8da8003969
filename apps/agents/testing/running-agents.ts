import { Kvm, type KV } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  AGENT_SNAPSHOT_BUCKET,
  agents,
  DEPLOYMENT_BUCKET,
  type Agent,
  type AgentSnapshot,
  type AgentVersion,
  type Deployment,
} from '@patchbay/contracts/agents';
import { catalog, type Tool } from '@patchbay/contracts/catalog';
import { Connection } from '@patchbay/contracts/connections';
import { credentials } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { fakeService } from '@patchbay/testing/fake-service';
import { startNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';

export const organizationId = newId('organization');
export const anotherOrganizationId = newId('organization');
const toolId = newId('tool');
const connectionId = newId('connection');
export const checkOrder = { name: 'check_order', toolId, connectionId };

const CREATED_AT = '2026-11-01T00:00:00.000Z';
const CONNECTION = Connection.parse({
  connectionId,
  name: 'Shop',
  provider: 'http',
  kind: 'bearer',
  hint: 'cdef',
  sandbox: false,
  version: 1,
  createdAt: CREATED_AT,
});

export interface RunningAgents {
  service: RunningService;
  database: TestDatabase;
  client: ClientOf<typeof agents>;
  /** What the catalog answers for the tool of `checkOrder`; changed by tests in which somebody updates it. */
  catalog: { tool: Tool };
  anAgent(): Promise<Agent>;
  /** A draft with the function `checkOrder`. */
  aVersion(agentId: string): Promise<AgentVersion>;
  /** What is deployed, and the states of the versions, newest first. */
  stateOf(agentId: string): Promise<{ deployedVersionId: string | null; states: string[] }>;
  feed: Feed;
  /** A second instance, with the same database and another broker. */
  startOn(natsUrl: string): Promise<RunningService>;
  stop(): Promise<void>;
}

/** What readers of the two buckets see. */
export class Feed {
  private constructor(
    readonly snapshots: KV,
    readonly deployments: KV,
  ) {}

  static async of(nats: NatsConnection): Promise<Feed> {
    const buckets = new Kvm(nats);
    return new Feed(await buckets.open(AGENT_SNAPSHOT_BUCKET), await buckets.open(DEPLOYMENT_BUCKET));
  }

  async snapshot(versionId: string): Promise<AgentSnapshot | undefined> {
    return (await this.snapshots.get(`${organizationId}.${versionId}`))?.json<AgentSnapshot>();
  }

  async deployment(agentId: string): Promise<Deployment | undefined> {
    return (await this.deployments.get(`${organizationId}.${agentId}`))?.json<Deployment>();
  }
}

export async function runAgents(): Promise<RunningAgents> {
  const [database, server] = await Promise.all([createTestDatabase('agents'), startNats()]);
  const nats = await connect({ servers: server.url });
  const neighbours = fakeNeighbours(nats);
  const startOn = (natsUrl: string) => {
    const env = {
      DATABASE_URL: database.url,
      DATABASE_MIGRATION_URL: database.migrationUrl,
      NATS_URL: natsUrl,
      AGENTS_PORT: '0',
      LOG_LEVEL: 'silent',
    };
    return startService(define(loadEnv('agents', Env, env)));
  };
  const service = await startOn(server.url);
  const client = clientFor(nats, agents);
  let made = 0;
  return {
    service,
    database,
    client,
    startOn,
    catalog: neighbours,
    feed: await Feed.of(nats),
    anAgent: () => client.createAgent({ organizationId, name: `Agent ${++made}` }),
    aVersion: (agentId) =>
      client.createVersion({ organizationId, agentId, instructions: 'Be brief.', functions: [checkOrder] }),
    async stateOf(agentId) {
      const { deployedVersionId, versions } = await client.getAgent({ organizationId, agentId });
      return { deployedVersionId, states: versions.map(({ state }) => state) };
    },
    async stop() {
      await nats.drain();
      await service.stop();
      await server.stop();
      await database.drop();
    },
  };
}

function fakeNeighbours(nats: NatsConnection): { tool: Tool } {
  const known: { tool: Tool } = {
    tool: {
      toolId,
      version: 1,
      name: 'Orders',
      description: 'Looks an order up.',
      effect: 'read',
      parameters: { type: 'object', properties: { zebra: { type: 'string' }, a: { type: 'string' } } },
      http: { method: 'GET', url: 'https://example.com/orders' },
      timeoutMs: 8_000,
      createdAt: CREATED_AT,
    },
  };
  fakeService(nats, catalog, {
    getTool: async (input) => requireOwn(input.organizationId, input.toolId === toolId, known.tool),
  });
  fakeService(nats, credentials, {
    getConnection: async (input) => requireOwn(input.organizationId, input.connectionId === connectionId, CONNECTION),
  });
  return known;
}

function requireOwn<T>(owner: string, exists: boolean, value: T): T {
  if (owner === organizationId && exists) return value;
  throw new ServiceError('not_found', 'There is no such thing.');
}
