import { z } from 'zod';
import { AnswerCondition } from './action.ts';

/** How a provider is told who we are. */
export const ConnectionKind = z.enum([
  'none',
  'bearer',
  'basic',
  'api_key',
  'custom_headers',
  'oauth2_authorization_code',
  'oauth2_client_credentials',
  'signing_secret',
  'mcp',
]);
export type ConnectionKind = z.infer<typeof ConnectionKind>;

/** A token or key as a provider hands it out. New lines are refused: they would end a header. */
export const SecretValue = z.string().min(1).max(8192).regex(/^[\x20-\x7e]+$/, 'has characters that cannot stand in a header');
const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'is not the name of a header');
const OAuthUrl = z.url({ protocol: /^https?$/ }).max(2000);
const Scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'is not a scope (RFC 6749, 3.3)');

/** An OAuth 2 client of ours at a provider (RFC 6749, PKCE by RFC 7636). With `issuer` the end points are looked up (RFC 8414) and `iss` of an answer must be it (RFC 9207). */
export const OAuthSettings = z.object({
  issuer: OAuthUrl.optional(),
  authorizationUrl: OAuthUrl.optional(),
  tokenUrl: OAuthUrl.optional(),
  /** RFC 7009: asked to revoke what was granted; the issuer's own metadata name it too. */
  revocationUrl: OAuthUrl.optional(),
  clientId: z.string().min(1).max(500),
  scopes: z.array(Scope).max(100).default([]),
  audience: z.string().max(500).optional(),
  /** RFC 8707; an MCP server's own URL. */
  resource: OAuthUrl.optional(),
  /** How the client shows its secret; `none` for a public client. */
  clientAuthentication: z.enum(['basic', 'post', 'none']).default('basic'),
  /** Beside what the protocol sends, e.g. `access_type: offline`. */
  authorizationParameters: z.record(z.string().max(100), z.string().max(500)).optional(),
});
export type OAuthSettings = z.infer<typeof OAuthSettings>;

/** A request that proves that the connection works and changes nothing; `scopesHeader` names the header in which the provider lists the granted scopes. */
export const ConnectionCheck = z.object({
  method: z.enum(['GET', 'POST']).default('GET'),
  url: OAuthUrl,
  success: AnswerCondition.optional(),
  scopesHeader: HeaderName.optional(),
});
export type ConnectionCheck = z.infer<typeof ConnectionCheck>;

/** What of a connection anyone of the organization may read. */
export const ConnectionSettings = z.object({
  /** `basic`. */
  username: z.string().min(1).max(500).regex(/^[\x20-\x39\x3b-\x7e]+$/, 'has a colon, or a character that is not ASCII').optional(),
  /** `api_key`: the header that carries it. */
  header: HeaderName.optional(),
  /** `custom_headers`, and `mcp` by headers: their names. */
  headerNames: z.array(HeaderName).max(20).optional(),
  /** `oauth2_authorization_code`, `oauth2_client_credentials`, and `mcp` by OAuth. */
  oauth: OAuthSettings.optional(),
  /** `mcp`: the server, and how it is told who we are. */
  mcp: z.object({ url: OAuthUrl, authentication: z.enum(['bearer', 'headers', 'oauth']) }).optional(),
});
export type ConnectionSettings = z.infer<typeof ConnectionSettings>;

/** What must be kept secret; which one a kind needs is checked with the kind. Write-only. */
export const ConnectionSecret = z.object({
  /** The token, password, API key, client secret or signing secret (`whsec_...`; made here when it is left out). */
  secret: SecretValue.optional(),
  /** `custom_headers`, and `mcp` by headers: name → value. */
  headers: z.record(HeaderName, SecretValue).optional(),
});
export type ConnectionSecret = z.infer<typeof ConnectionSecret>;
