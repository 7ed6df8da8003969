import { EnvironmentError, secret } from '@patchbay/service-kit/config/env';
import type { Secret } from '@patchbay/service-kit/config/secret';
import { z } from 'zod';

/** Where people sign in. Without an issuer nobody does, and API keys are the only way in. */
export const oidcEnv = {
  CREDENTIALS_OIDC_ISSUER: z.url().optional().describe('The identity provider that people sign in with: its issuer, like https://login.example.'),
  CREDENTIALS_OIDC_CLIENT_ID: z.string().optional().describe('Our client id there. Its redirect URI is <CREDENTIALS_PUBLIC_URL>/v1/sign-in/callback.'),
  CREDENTIALS_OIDC_CLIENT_SECRET: secret().optional().describe('Our client secret there; a public client has none.'),
  CREDENTIALS_OIDC_AUDIENCE: z
    .string()
    .optional()
    .describe('The audience of access tokens (JWT) of the issuer that the API accepts; none are unless given. Not the client id.'),
};

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: Secret | null;
  audience: string | null;
  redirectUri: string;
}

type OidcEnv = z.output<z.ZodObject<typeof oidcEnv>> & { CREDENTIALS_PUBLIC_URL?: string | undefined };

/** Null without an issuer. Throws EnvironmentError when what belongs to one is missing or contradicts it. */
export function oidcSettingsOf(env: OidcEnv): OidcSettings | null {
  const { CREDENTIALS_OIDC_ISSUER: issuer, CREDENTIALS_OIDC_CLIENT_ID: clientId, CREDENTIALS_PUBLIC_URL: publicUrl } = env;
  if (!issuer) return null;
  const audience = env.CREDENTIALS_OIDC_AUDIENCE ?? null;
  const faults = [
    ...(clientId ? [] : ['CREDENTIALS_OIDC_CLIENT_ID is missing: CREDENTIALS_OIDC_ISSUER needs it.']),
    ...(publicUrl ? [] : ['CREDENTIALS_PUBLIC_URL is missing: CREDENTIALS_OIDC_ISSUER sends browsers back there.']),
    // Otherwise an ID token, which any page that people sign in to may hold, would open the API.
    ...(clientId && audience === clientId ? ['CREDENTIALS_OIDC_AUDIENCE is the client id: it must be the audience of access tokens.'] : []),
  ];
  if (faults.length > 0 || !clientId || !publicUrl) throw new EnvironmentError('credentials', faults);
  const redirectUri = `${publicUrl.replace(/\/$/, '')}/v1/sign-in/callback`;
  return { issuer, clientId, clientSecret: env.CREDENTIALS_OIDC_CLIENT_SECRET ?? null, audience, redirectUri };
}
