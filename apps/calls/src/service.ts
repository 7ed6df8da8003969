import { credentials } from '@patchbay/contracts/credentials';
import { runner } from '@patchbay/contracts/runner';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { ClaimTable } from './tables/claim.table.ts';
import { HeardTable } from './tables/heard.table.ts';
import { InitialCalls1764000000000 } from './tables/migrations/1764000000000-initial-calls.ts';
import { TurnPositions1764600000000 } from './tables/migrations/1764600000000-turn-positions.ts';
import { ClaimsAndOffers1764600000001 } from './tables/migrations/1764600000001-claims-and-offers.ts';
import { Walls1769000000000 } from './tables/migrations/1769000000000-walls.ts';
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
        { table: 'claims', id: 'session', retentionDays: RETENTION_DAYS },
        { table: 'offers', id: 'session', retentionDays: RETENTION_DAYS },
        { table: 'outbox', id: 'event', retentionDays: RETENTION_DAYS },
      ],
    },
    database: {
      entities: [SessionTable, TurnTable, HeardTable, ClaimTable],
      migrations: [InitialCalls1764000000000, TurnPositions1764600000000, ClaimsAndOffers1764600000001, Walls1769000000000],
    },
  };
}
