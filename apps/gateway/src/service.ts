import { agents } from '@patchbay/contracts/agents';
import { calls } from '@patchbay/contracts/calls';
import { catalog } from '@patchbay/contracts/catalog';
import { credentials } from '@patchbay/contracts/credentials';
import { observability } from '@patchbay/contracts/observability';
import { workflows } from '@patchbay/contracts/workflows';
import type { ServiceDefinition } from '@patchbay/service-kit/bootstrap/start-service';
import { AppModule } from './app.module.ts';
import type { Env } from './env.ts';
import { serveConsole } from './http/console-proxy.ts';

export function define(env: Env): ServiceDefinition {
  return {
    name: 'gateway',
    version: '0.1.0',
    env,
    listen: { host: env.GATEWAY_HOST, port: env.GATEWAY_PORT },
    module: AppModule,
    kit: { clients: [credentials, catalog, agents, calls, workflows, observability] },
    http: {
      bodyLimitBytes: env.GATEWAY_BODY_BYTES,
      configure: (app) => serveConsole(app, env.GATEWAY_CONSOLE_URL),
    },
  };
}
