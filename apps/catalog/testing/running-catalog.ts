import { connect, type NatsConnection } from '@nats-io/transport-node';
import { catalog } from '@patchbay/contracts/catalog';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { startNats } from '@patchbay/testing/nats-server';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';

export interface RunningCatalog {
  service: RunningService;
  client: ClientOf<typeof catalog>;
  nats: NatsConnection;
  database: TestDatabase;
  stop(): Promise<void>;
}

/** The service on a database and a broker of its own. */
export async function runCatalog(): Promise<RunningCatalog> {
  const [database, server] = await Promise.all([createTestDatabase('catalog'), startNats()]);
  const env = loadEnv('catalog', Env, {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.migrationUrl,
    NATS_URL: server.url,
    CATALOG_PORT: '0',
    LOG_LEVEL: 'silent',
  });
  const service = await startService(define(env));
  const nats = await connect({ servers: server.url });
  return {
    service,
    nats,
    database,
    client: clientFor(nats, catalog),
    async stop() {
      await nats.drain();
      await service.stop();
      await server.stop();
      await database.drop();
    },
  };
}
