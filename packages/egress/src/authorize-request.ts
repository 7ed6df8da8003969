import { CredentialRefused } from './credential-refused.ts';
import { decodeEscapes } from './decode-escapes.ts';
import { credentialHeaderProblem } from './header-rules.ts';
import type { PlacedRequest } from './place-arguments.ts';

// A shorter one could be anything: a version, a region, a word of the path.
const MIN_SECRET_CHARACTERS = 8;
const SCHEME = /^(?:basic|bearer|token|apikey)\s+/i;

/**
 * The headers of a request together with those of its connection (a token, a user name and password, an API key, custom headers), names in
 * lower case. The connection's win over the template's and the arguments'.
 *
 * Throws CredentialRefused for a password that would travel over plain http, for a header that a connection cannot set, and when a value
 * of the connection also stands in the path or the query: URLs are logged by everyone on the way.
 */
export function authorizeRequest(
  placed: PlacedRequest,
  credentialHeaders: Record<string, string> | undefined,
): Record<string, string> {
  const headers = { ...placed.headers };
  if (credentialHeaders === undefined) return headers;
  for (const [written, value] of Object.entries(credentialHeaders)) {
    const name = written.toLowerCase();
    const problem = credentialHeaderProblem(name, value);
    if (problem !== null) throw new CredentialRefused(`the header ${written} of the connection ${problem}`);
    if (/^basic\s/i.test(value) && !placed.url.startsWith('https:'))
      throw new CredentialRefused('a user name and password are sent over https only');
    if (standsInUrl(placed.url, value))
      throw new CredentialRefused(`the value of the header ${written} also stands in the url`);
    headers[name] = value;
  }
  return headers;
}

function standsInUrl(url: string, value: string): boolean {
  const secret = value.replace(SCHEME, '');
  if (secret.length < MIN_SECRET_CHARACTERS) return false;
  // Not in the host: an account's name may be part of it.
  const target = url.slice(url.indexOf('/', 'https://'.length));
  return target.includes(secret) || (target.includes('%') && decodeEscapes(target).includes(decodeEscapes(secret)));
}
