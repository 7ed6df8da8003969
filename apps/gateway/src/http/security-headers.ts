import type { FastifyInstance } from 'fastify';

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // A call-back carries a code in its address: no other site is told of it.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** The API answers with data; nothing of it may be shown as a page, kept, or read by another site's. */
const API = {
  ...EVERYWHERE,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** A year, as browsers' preload lists want it. */
const HTTPS_ONLY = { 'strict-transport-security': 'max-age=31536000' };

/** The console's pages say their own policy, which knows their scripts. */
export function addSecurityHeaders(http: FastifyInstance, publicUrl: string | undefined): void {
  const always = publicUrl?.startsWith('https:') ? HTTPS_ONLY : {};
  http.addHook('onRequest', async (request, reply) => {
    const isPage = CONSOLE_ROUTES.has(request.routeOptions.url ?? '');
    void reply.headers({ ...(isPage ? EVERYWHERE : API), ...always });
  });
}

/** The routes of the proxy in front of the console. */
const CONSOLE_ROUTES = new Set(['/', '/*']);
