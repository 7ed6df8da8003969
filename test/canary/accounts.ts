import type { Canaries } from './canaries.ts';
import type { Json } from './api.ts';

/** A connection of one kind, as it is made and as its secret is replaced. */
export interface Account {
  /** Also its name at the provider, in the names of its tools, and the kind in the report. */
  title: string;
  kind: string;
  https?: boolean;
  settings?: Json;
  /** The same request with new secrets each time: fields of a creation, or of a rotation. */
  secrets?(canaries: Canaries): Json;
  /** A person has to agree before it can be used. */
  authorized?: boolean;
  /** Its requests are signed, and carry no secret. */
  signs?: boolean;
}

const secretOf = (title: string) => (canaries: Canaries) => ({ secret: canaries.make(title, 'secret') });
const clientSecretOf = (title: string) => (canaries: Canaries) => ({ secret: canaries.make(title, 'client secret') });
const headersOf = (title: string) => (canaries: Canaries) => ({
  headers: { 'x-account': canaries.make(title, 'first header'), 'x-token': canaries.make(title, 'second header') },
});

/** One account of each kind there is; none has no secret that could leak. */
export function accounts(providerUrl: string): Account[] {
  const oauth = (title: string) => ({ clientId: `client-of-${title}`, tokenUrl: `${providerUrl}/${title}/token`, scopes: ['orders'] });
  return [
    { title: 'none', kind: 'none' },
    { title: 'bearer', kind: 'bearer', secrets: secretOf('bearer') },
    { title: 'basic', kind: 'basic', https: true, settings: { username: 'our user' }, secrets: secretOf('basic') },
    { title: 'api_key', kind: 'api_key', settings: { header: 'x-api-key' }, secrets: secretOf('api_key') },
    { title: 'custom_headers', kind: 'custom_headers', secrets: headersOf('custom_headers') },
    {
      title: 'oauth_code',
      kind: 'oauth2_authorization_code',
      settings: { oauth: { ...oauth('oauth_code'), authorizationUrl: `${providerUrl}/oauth_code/authorize` } },
      secrets: clientSecretOf('oauth_code'),
      authorized: true,
    },
    { title: 'oauth_client', kind: 'oauth2_client_credentials', settings: { oauth: oauth('oauth_client') }, secrets: clientSecretOf('oauth_client') },
    {
      title: 'oauth_posted',
      kind: 'oauth2_client_credentials',
      settings: { oauth: { ...oauth('oauth_posted'), clientAuthentication: 'post' } },
      secrets: clientSecretOf('oauth_posted'),
    },
    {
      title: 'signing_secret',
      kind: 'signing_secret',
      secrets: (canaries) => ({ secret: canaries.makeSigningSecret('signing_secret', 'secret') }),
      signs: true,
    },
    { title: 'mcp_bearer', kind: 'mcp', settings: { mcp: { url: `${providerUrl}/mcp_bearer/mcp`, authentication: 'bearer' } }, secrets: secretOf('mcp_bearer') },
    { title: 'mcp_headers', kind: 'mcp', settings: { mcp: { url: `${providerUrl}/mcp_headers/mcp`, authentication: 'headers' } }, secrets: headersOf('mcp_headers') },
    {
      title: 'mcp_oauth',
      kind: 'mcp',
      settings: { mcp: { url: `${providerUrl}/mcp_oauth/mcp`, authentication: 'oauth' }, oauth: { clientId: 'client-of-mcp_oauth' } },
      secrets: clientSecretOf('mcp_oauth'),
      authorized: true,
    },
  ];
}
