import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { ApiKeyTable } from './tables/api-key.table.ts';
import { ConnectionSecretTable } from './tables/connection-secret.table.ts';
import { ConnectionTokenTable } from './tables/connection-token.table.ts';
import { ConnectionTable } from './tables/connection.table.ts';
import { EdgeCredentialsTable } from './tables/edge-credentials.table.ts';
import { EdgeTable } from './tables/edge.table.ts';
import { InitialCredentials1764000000000 } from './tables/migrations/1764000000000-initial-credentials.ts';
import { SandboxConnections1764100000000 } from './tables/migrations/1764100000000-sandbox-connections.ts';
import { SecretPurposes1768000000000 } from './tables/migrations/1768000000000-secret-purposes.ts';
import { ConnectionLifecycle1768100000000 } from './tables/migrations/1768100000000-connection-lifecycle.ts';
import { OAuth1768200000000 } from './tables/migrations/1768200000000-oauth.ts';
import { ScopedApiKeys1768300000000 } from './tables/migrations/1768300000000-scoped-api-keys.ts';
import { People1768310000000 } from './tables/migrations/1768310000000-people.ts';
import { EdgeCredentials1768320000000 } from './tables/migrations/1768320000000-edge-credentials.ts';
import { AuditLog1768400000000 } from './tables/migrations/1768400000000-audit-log.ts';
import { Walls1769000000000 } from './tables/migrations/1769000000000-walls.ts';
import { Outbox1769100000000 } from './tables/migrations/1769100000000-outbox.ts';
import { ConnectionOrigins1769200000000 } from './tables/migrations/1769200000000-connection-origins.ts';
import { OrganizationTable } from './tables/organization.table.ts';
import { PersonTable } from './tables/person.table.ts';
import { SignInAttemptTable } from './tables/sign-in-attempt.table.ts';
import { SignInTable } from './tables/sign-in.table.ts';

const RETENTION_DAYS = 30;

export function define(env: Env): ServiceDefinition {
  return {
    name: 'credentials',
    version: '0.1.0',
    env,
    listen: { host: env.CREDENTIALS_HOST, port: env.CREDENTIALS_PORT },
    module: AppModule.with(env),
    kit: {
      emits: 'credentials',
      partitions: [
        // The streams keep events for seven days, and a consumer may come back to the oldest.
        { table: 'inbox', id: 'event', retentionDays: RETENTION_DAYS, daysBack: 8 },
        { table: 'outbox', id: 'event', retentionDays: RETENTION_DAYS },
      ],
    },
    database: {
      entities: [
        OrganizationTable,
        ApiKeyTable,
        EdgeTable,
        ConnectionTable,
        ConnectionSecretTable,
        ConnectionTokenTable,
        EdgeCredentialsTable,
        PersonTable,
        SignInTable,
        SignInAttemptTable,
      ],
      migrations: [
        InitialCredentials1764000000000,
        SandboxConnections1764100000000,
        SecretPurposes1768000000000,
        ConnectionLifecycle1768100000000,
        OAuth1768200000000,
        ScopedApiKeys1768300000000,
        People1768310000000,
        EdgeCredentials1768320000000,
        AuditLog1768400000000,
        Walls1769000000000,
        Outbox1769100000000,
        ConnectionOrigins1769200000000,
      ],
    },
  };
}
