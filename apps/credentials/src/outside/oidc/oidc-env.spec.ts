import { describe, expect, it } from '@jest/globals';
import { Secret } from '@patchbay/service-kit/config/secret';
import { oidcSettingsOf } from './oidc-env.ts';

const whole = {
  CREDENTIALS_OIDC_ISSUER: 'https://login.example',
  CREDENTIALS_OIDC_CLIENT_ID: 'patchbay',
  CREDENTIALS_OIDC_CLIENT_SECRET: new Secret('canary'),
  CREDENTIALS_PUBLIC_URL: 'https://patchbay.example/',
};

describe('the identity provider in the environment', () => {
  it('is none without an issuer', () => {
    expect(oidcSettingsOf({})).toBeNull();
  });

  it('sends browsers back to the gateway and nowhere else', () => {
    expect(oidcSettingsOf(whole)).toMatchObject({ clientId: 'patchbay', audience: null, redirectUri: 'https://patchbay.example/v1/sign-in/callback' });
  });

  it('must be whole, and all that is missing is named at once', () => {
    expect(() => oidcSettingsOf({ CREDENTIALS_OIDC_ISSUER: 'https://login.example' })).toThrow(/CLIENT_ID is missing[\s\S]*PUBLIC_URL is missing/);
  });

  it('does not take ID tokens for access tokens', () => {
    expect(() => oidcSettingsOf({ ...whole, CREDENTIALS_OIDC_AUDIENCE: 'patchbay' })).toThrow(/CREDENTIALS_OIDC_AUDIENCE is the client id/);
  });
});
