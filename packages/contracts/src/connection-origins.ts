import { z } from 'zod';

/** A connection is an account at one provider, whose addresses are few. */
const MAX_ORIGINS = 20;
const EXAMPLE = 'https://api.example.com';
/** Scheme and authority; a user name, a path and a query have no place in it. */
const SHAPE = /^https?:\/\/[^\s/\\?#@]+\/?$/i;

/** Why a text is no origin that a connection can be bound to, in words; null for one that is. */
export function originProblem(text: string): string | null {
  if (!SHAPE.test(text)) return `is not an origin: a scheme, a host and perhaps a port, like ${EXAMPLE}, with nothing after it`;
  const url = URL.parse(text);
  if (!url) return `is not an origin like ${EXAMPLE}`;
  const host = url.hostname;
  if (!host.includes('*')) return null;
  const domain = host.startsWith('*.') ? host.slice(2) : '';
  const isDomain = !domain.includes('*') && domain.split('.').filter((label) => label !== '').length >= 2;
  return isDomain ? null : 'has a * that does not stand for the sub-domains of one domain, as in https://*.example.com';
}

/** Scheme, host and port of a URL as the URL standard writes them (lower case, no default port, punycode); null for no http(s) URL. */
export function originOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : null;
}

const Origin = z
  .string()
  .max(300)
  .check((context) => {
    const problem = originProblem(context.value);
    if (problem !== null) context.issues.push({ code: 'custom', message: problem, input: context.value, continue: false });
  })
  .overwrite((text) => originOf(text) ?? text);

/**
 * Where the secret of a connection may be sent: `https://api.example.com`, or `https://*.example.com` for all sub-domains of a domain (not the
 * domain itself). Empty: it is not bound to any address. At most 20; read case-insensitively, each kept once.
 */
export const Origins = z
  .array(Origin)
  .max(MAX_ORIGINS)
  .overwrite((origins) => [...new Set(origins)]);
export type Origins = z.infer<typeof Origins>;

/** Whether what is bound to `origins` may be sent to `origin`, which is as `originOf` writes it. An empty list binds to nothing. */
export function maySendTo(origins: readonly string[], origin: string): boolean {
  return origins.length === 0 || origins.some((allowed) => covers(allowed, origin));
}

/** Whether `after` lets a secret go anywhere that `before` does not. */
export function leadsFurther(before: readonly string[], after: readonly string[]): boolean {
  if (before.length === 0) return false;
  return after.length === 0 || after.some((origin) => !maySendTo(before, origin));
}

function covers(allowed: string, origin: string): boolean {
  if (allowed === origin) return true;
  const star = allowed.indexOf('://*.');
  if (star < 0) return false;
  const scheme = allowed.slice(0, star + 3);
  const domain = allowed.slice(star + 4);
  return origin.startsWith(scheme) && origin.endsWith(domain) && origin.length > scheme.length + domain.length;
}
