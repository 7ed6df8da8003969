import { ServiceError } from '@patchbay/contracts/errors';
import type { FastifyRequest } from 'fastify';

export const CSRF_HEADER = 'patchbay-csrf';
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser adds the cookie whichever page asks, so a change must show that our own page asks: by what the browser says of the page, or by
 * a header that no other site's page can send without our leave (CORS), which nobody gets.
 */
export function refuseForeignPage(request: FastifyRequest): void {
  if (READS.has(request.method) || comesFromOurPage(request)) return;
  throw ServiceError.fields('forbidden', `A page of another site may not act for you. From a page of your own send ${CSRF_HEADER}: 1.`, [
    { path: CSRF_HEADER, problem: 'is not 1, and the request does not come from a page of this origin' },
  ]);
}

function comesFromOurPage(request: FastifyRequest): boolean {
  const { origin, [CSRF_HEADER]: mark, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  if (mark === '1') return true;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.host;
}
