import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { acceptOtlp, EXPORT_MAX_BYTES } from './otlp/accept-otlp.ts';
import { InitialObservability1764000000000 } from './tables/migrations/1764000000000-initial-observability.ts';
import { Walls1769000000000 } from './tables/migrations/1769000000000-walls.ts';
import { SpanTable } from './tables/span.table.ts';

export function define(env: Env): ServiceDefinition {
  return {
    name: 'observability',
    version: '0.1.0',
    // Its own spans never come to itself: storing them would make more of them.
    env: { ...env, OBSERVABILITY_OTLP_URL: undefined },
    listen: { host: env.OBSERVABILITY_HOST, port: env.OBSERVABILITY_PORT },
    module: AppModule.with(env),
    http: { bodyLimitBytes: EXPORT_MAX_BYTES, configure: acceptOtlp },
    kit: { partitions: [{ table: 'spans', id: 'event', retentionDays: env.OBSERVABILITY_RETENTION_DAYS }] },
    database: { entities: [SpanTable], migrations: [InitialObservability1764000000000, Walls1769000000000] },
  };
}
