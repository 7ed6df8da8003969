import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { RefreshTokens } from '../src/loops/refresh-tokens.ts';
import { FakeOAuthProvider } from './fake-oauth-provider.ts';
import { OAUTH_ENV, OAuthConnections } from './oauth-connections.ts';
import { runCredentials, type RunningCredentials } from './running-credentials.ts';

/** One service for a whole file; a provider and an organization of its own for each test. */
export interface OAuthScene {
  readonly running: RunningCredentials;
  readonly provider: FakeOAuthProvider;
  readonly ours: OAuthConnections;
  /** Refreshes what is due. */
  readonly loop: RefreshTokens;
}

/** Sets the scene for the tests of a file. `loops: false`: each test says itself when the loop comes round. */
export function setOAuthScene({ loops = true } = {}): OAuthScene {
  let running: RunningCredentials;
  let provider: FakeOAuthProvider;
  let ours: OAuthConnections;
  const loop = () => running.service.app.get(RefreshTokens);
  beforeAll(async () => {
    running = await runCredentials(OAUTH_ENV);
    if (!loops) await loop().beforeApplicationShutdown();
  });
  beforeEach(async () => {
    // What earlier tests left is not due any more.
    if (!loops) await running.query('update connection_tokens set refresh_at = null, lease_until = null');
    provider = await FakeOAuthProvider.start();
    const { organizationId } = await running.client.createOrganization({ name: `Clinic at ${provider.url}` });
    ours = new OAuthConnections(running, provider, organizationId);
  });
  afterEach(() => provider.stop());
  afterAll(() => running.stop());
  return {
    get running() {
      return running;
    },
    get provider() {
      return provider;
    },
    get ours() {
      return ours;
    },
    get loop() {
      return loop();
    },
  };
}
