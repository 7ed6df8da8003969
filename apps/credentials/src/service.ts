import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { ApiKeyTable } from './tables/api-key.table.ts';
import { ConnectionSecretTable } from './tables/connection-secret.table.ts';
import { ConnectionTable } from './tables/connection.table.ts';
import { EdgeTable } from './tables/edge.table.ts';
import { InitialCredentials1764000000000 } from './tables/migrations/1764000000000-initial-credentials.ts';
import { SandboxConnections1764100000000 } from './tables/migrations/1764100000000-sandbox-connections.ts';
import { OrganizationTable } from './tables/organization.table.ts';

export function define(env: Env): ServiceDefinition {
  return {
    name: 'credentials',
    version: '0.1.0',
    env,
    listen: { host: env.CREDENTIALS_HOST, port: env.CREDENTIALS_PORT },
    module: AppModule.with(env),
    database: {
      entities: [OrganizationTable, ApiKeyTable, EdgeTable, ConnectionTable, ConnectionSecretTable],
      migrations: [InitialCredentials1764000000000, SandboxConnections1764100000000],
    },
  };
}
