import { credentials } from '@patchbay/contracts/credentials';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { DeliveryTable } from './tables/delivery.table.ts';
import { InitialWorkflows1764000000000 } from './tables/migrations/1764000000000-initial-workflows.ts';
import { Walls1769000000000 } from './tables/migrations/1769000000000-walls.ts';
import { WebhookTable } from './tables/webhook.table.ts';

const RETENTION_DAYS = 30;

export function define(env: Env): ServiceDefinition {
  return {
    name: 'workflows',
    version: '0.1.0',
    env,
    listen: { host: env.WORKFLOWS_HOST, port: env.WORKFLOWS_PORT },
    module: AppModule.with(env),
    kit: {
      clients: [credentials],
      emits: 'workflows',
      partitions: [
        // The stream keeps events for seven days, and a consumer may come back to the oldest.
        { table: 'inbox', id: 'event', retentionDays: RETENTION_DAYS, daysBack: 8 },
        { table: 'outbox', id: 'event', retentionDays: RETENTION_DAYS },
        { table: 'deliveries', id: 'delivery', retentionDays: RETENTION_DAYS },
      ],
    },
    database: { entities: [WebhookTable, DeliveryTable], migrations: [InitialWorkflows1764000000000, Walls1769000000000] },
  };
}
