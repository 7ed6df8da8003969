import { keepReceived } from '@patchbay/testing/kept-run';
import { Provider, type Configuration } from 'oidc-provider';
import type { IssuerSetup } from './running-issuer.ts';

/** An OpenID provider as a process of its own; it says `listening` when it does. */
const setup = JSON.parse(process.env['ISSUER_SETUP']!) as IssuerSetup;

const configuration: Configuration = {
  jwks: setup.jwks as Configuration['jwks'],
  clients: setup.clients,
  cookies: { keys: ['not a secret: nobody else signs in here'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: !setup.claimsInIdToken,
  findAccount: (_context, subject) => {
    const claims = setup.people[subject];
    return claims ? { accountId: subject, claims: () => ({ sub: subject, ...claims }) } : undefined;
  },
  features: {
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_context, client) => (client?.clientId === setup.toolClientId ? setup.audience : []),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        audience: setup.audience,
        scope: 'openid',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
};

const provider = new Provider(setup.issuer, configuration);
provider.use(({ url, headers }, next) => {
  keepReceived({ path: url, headers, body: '' });
  return next();
});
provider.listen(setup.port, '127.0.0.1', () => process.stdout.write('listening\n'));
