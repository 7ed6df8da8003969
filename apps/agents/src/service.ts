import { catalog } from '@patchbay/contracts/catalog';
import { credentials } from '@patchbay/contracts/credentials';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { AgentVersionTable } from './tables/agent-version.table.ts';
import { AgentTable } from './tables/agent.table.ts';
import { InitialAgents1764000000000 } from './tables/migrations/1764000000000-initial-agents.ts';
import { SpeechOfVersions1764100000000 } from './tables/migrations/1764100000000-speech-of-versions.ts';
import { Walls1769000000000 } from './tables/migrations/1769000000000-walls.ts';

const RETENTION_DAYS = 30;

export function define(env: Env): ServiceDefinition {
  return {
    name: 'agents',
    version: '0.1.0',
    env,
    listen: { host: env.AGENTS_HOST, port: env.AGENTS_PORT },
    module: AppModule,
    kit: {
      clients: [catalog, credentials],
      emits: 'agents',
      partitions: [{ table: 'outbox', id: 'event', retentionDays: RETENTION_DAYS }],
    },
    database: {
      entities: [AgentTable, AgentVersionTable],
      migrations: [InitialAgents1764000000000, SpeechOfVersions1764100000000, Walls1769000000000],
    },
  };
}
