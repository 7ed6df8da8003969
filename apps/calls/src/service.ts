import { credentials } from '@patchbay/contracts/credentials';
import { runner } from '@patchbay/contracts/runner';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { HeardTable } from './tables/heard.table.ts';
import { InitialCalls1764000000000 } from './tables/migrations/1764000000000-initial-calls.ts';
import { SessionTable } from './tables/session.table.ts';
import { TurnTable } from './tables/turn.table.ts';

const RETENTION_DAYS = 30;

export function define(env: Env): ServiceDefinition {
  return {
    name: 'calls',
    version: '0.1.0',
    env,
    listen: { host: env.CALLS_HOST, port: env.CALLS_PORT },
    module: AppModule,
    kit: {
      clients: [credentials, runner],
      emits: 'calls',
      partitions: [
        { table: 'sessions', id: 'session', retentionDays: RETENTION_DAYS },
        { table: 'turns', id: 'session', retentionDays: RETENTION_DAYS },
        { table: 'heard', id: 'session', retentionDays: RETENTION_DAYS },
        { table: 'outbox', id: 'event', retentionDays: RETENTION_DAYS },
      ],
    },
    database: { entities: [SessionTable, TurnTable, HeardTable], migrations: [InitialCalls1764000000000] },
  };
}
