import proxy from '@fastify/http-proxy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The console's pages, from the console's own process, at the origin of the API: no CORS, and each is deployed on its own. */
export async function serveConsole(app: NestFastifyApplication, consoleUrl: string | undefined): Promise<void> {
  if (!consoleUrl) return;
  await app.register(proxy as never, { upstream: consoleUrl, prefix: '/', httpMethods: ['GET', 'HEAD'] } as never);
}
