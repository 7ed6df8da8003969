import { calls } from '@patchbay/contracts/calls';
import { credentials } from '@patchbay/contracts/credentials';
import type { KitOptions } from '@patchbay/service-kit/bootstrap/kit.module';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { rehearseCalls } from './rehearsal/rehearse-calls.ts';
import { AttemptTable } from './tables/attempt.table.ts';
import { ConsentTable } from './tables/consent.table.ts';
import { IntentTable } from './tables/intent.table.ts';
import { InvocationTable } from './tables/invocation.table.ts';
import { InitialRunner1764000000000 } from './tables/migrations/1764000000000-initial-runner.ts';
import { IntentsAndConsents1766000000000 } from './tables/migrations/1766000000000-intents-and-consents.ts';
import { Walls1769000000000 } from './tables/migrations/1769000000000-walls.ts';
import { PendingInvocations1770000000000 } from './tables/migrations/1770000000000-pending-invocations.ts';
import { PendingInvocationTable } from './tables/pending-invocation.table.ts';
import { RunnerTable } from './tables/runner.table.ts';

const RETENTION_DAYS = 30;
/** Nothing is pending for longer than a poll may last, an hour; what became of it is in `invocations`. */
const PENDING_RETENTION_DAYS = 2;
/** Intents, settlements and evidence are written side by side. */
const WORKER_CONNECTIONS = 6;

const KIT: KitOptions = {
  clients: [credentials, calls],
  partitions: [
    { table: 'invocations', id: 'invocation', retentionDays: RETENTION_DAYS },
    { table: 'attempts', id: 'invocation', retentionDays: RETENTION_DAYS },
    { table: 'intents', id: 'session', retentionDays: RETENTION_DAYS },
    { table: 'consents', id: 'session', retentionDays: RETENTION_DAYS },
    { table: 'pending_invocations', id: 'invocation', retentionDays: PENDING_RETENTION_DAYS },
  ],
};

export function define(env: Env): ServiceDefinition {
  return {
    name: 'runner',
    version: '0.1.0',
    env,
    listen: { host: env.RUNNER_HOST, port: env.RUNNER_PORT },
    module: AppModule.with(env),
    kit: KIT,
    ...(env.RUNNER_REHEARSAL_CALLS > 0 ? { rehearse: rehearseCalls(env.RUNNER_REHEARSAL_CALLS, KIT) } : {}),
    database: {
      workerConnections: WORKER_CONNECTIONS,
      entities: [InvocationTable, AttemptTable, IntentTable, ConsentTable, PendingInvocationTable, RunnerTable],
      migrations: [InitialRunner1764000000000, IntentsAndConsents1766000000000, Walls1769000000000, PendingInvocations1770000000000],
    },
  };
}
