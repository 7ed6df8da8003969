import cookie from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Env } from '../env.ts';
import { serveConsole } from './console-proxy.ts';
import { addSecurityHeaders } from './security-headers.ts';

/** What of HTTP is not a route of ours. */
export async function configureHttp(app: NestFastifyApplication, env: Env): Promise<void> {
  addSecurityHeaders(app.getHttpAdapter().getInstance(), env.GATEWAY_PUBLIC_URL);
  await app.register(cookie as never);
  await serveConsole(app, env.GATEWAY_CONSOLE_URL);
}
