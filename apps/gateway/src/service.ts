import { agents } from '@patchbay/contracts/agents';
import { calls } from '@patchbay/contracts/calls';
import { catalog } from '@patchbay/contracts/catalog';
import { credentials } from '@patchbay/contracts/credentials';
import { observability } from '@patchbay/contracts/observability';
import { workflows } from '@patchbay/contracts/workflows';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { configureHttp } from './http/configure.ts';

export function define(env: Env): ServiceDefinition {
  return {
    name: 'gateway',
    version: '0.1.0',
    env,
    listen: { host: env.GATEWAY_HOST, port: env.GATEWAY_PORT },
    module: AppModule.with(env),
    kit: { clients: [credentials, catalog, agents, calls, workflows, observability] },
    http: {
      bodyLimitBytes: env.GATEWAY_BODY_BYTES,
      trustedProxies: env.GATEWAY_TRUSTED_PROXIES,
      configure: (app) => configureHttp(app, env),
    },
  };
}
