import proxy from '@fastify/http-proxy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingHttpHeaders } from 'node:http';

/** The console's pages, from the console's own process, at the origin of the API: no CORS, and each is deployed on its own. */
export async function serveConsole(app: NestFastifyApplication, consoleUrl: string | undefined): Promise<void> {
  if (!consoleUrl) return;
  const replyOptions = {
    rewriteRequestHeaders: (_request: unknown, headers: IncomingHttpHeaders) => withoutProof(headers),
  };
  await app.register(proxy as never, { upstream: consoleUrl, prefix: '/', httpMethods: ['GET', 'HEAD'], replyOptions } as never);
}

/** Pages are the same for everyone: their process need not see who asks. */
function withoutProof({ cookie: _cookie, authorization: _authorization, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}
