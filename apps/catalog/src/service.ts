import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { InitialCatalog1764000000000 } from './tables/migrations/1764000000000-initial-catalog.ts';
import { Walls1769000000000 } from './tables/migrations/1769000000000-walls.ts';
import { ToolVersionTable } from './tables/tool-version.table.ts';
import { ToolTable } from './tables/tool.table.ts';

const RETENTION_DAYS = 30;

export function define(env: Env): ServiceDefinition {
  return {
    name: 'catalog',
    version: '0.1.0',
    env,
    listen: { host: env.CATALOG_HOST, port: env.CATALOG_PORT },
    module: AppModule,
    kit: { emits: 'catalog', partitions: [{ table: 'outbox', id: 'event', retentionDays: RETENTION_DAYS }] },
    database: { entities: [ToolTable, ToolVersionTable], migrations: [InitialCatalog1764000000000, Walls1769000000000] },
  };
}
