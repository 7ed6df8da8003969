import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';

/** The console loads its own files, talks to its own origin, and shows what callers said: nothing else may run in it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** A year: the names of these files change with their content. */
const HASHED_ASSET_CACHE = 'public, max-age=31536000, immutable';

interface PagesOptions {
  /** Where the built pages are. */
  folder: string;
  logger?: boolean;
  /** What Prometheus is told of the process. */
  metrics?: Registry;
}

export async function buildPages({ folder, logger = false, metrics }: PagesOptions): Promise<FastifyInstance> {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`There is no index.html in ${folder}: build the console first (its build script).`);
  }
  const pages = Fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
  });
  pages.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
  for (const path of ['/health', '/ready']) {
    pages.get(path, async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  }
  if (metrics) pages.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).header('cache-control', 'no-store').send(await metrics.metrics()));
  // Without a wildcard, only files that existed at the start are served: no path can lead anywhere else.
  await pages.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => void reply.header('cache-control', cacheFor(folder, path)),
  });
  pages.setNotFoundHandler(answerPage);
  return pages;
}

function cacheFor(folder: string, path: string): string {
  return path.startsWith(join(folder, 'assets')) ? HASHED_ASSET_CACHE : 'no-cache';
}

/** Every address of the console is the same page; what looks like a file or like the API is not one. */
function answerPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const isPage = ['GET', 'HEAD'].includes(request.method) && !path.includes('.') && !path.startsWith('/v1/');
  if (isPage) return reply.sendFile('index.html');
  return reply
    .code(404)
    .header('cache-control', 'no-store')
    .send({
      code: 'not_found',
      message: `The console has no ${request.method} ${path}. It serves pages only; the API is at the gateway.`,
    });
}
