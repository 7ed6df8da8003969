import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';

/** Not one of the known secrets of the tests: here they cross NATS as they are. */
const SECRET = 'sk_of_the_release_before_0123456789';

let running: RunningCredentials;
beforeAll(async () => {
  running = await runCredentials();
});
afterAll(() => running.stop());

describe('services of the release before, which seal nothing', () => {
  it('store a secret as it is, and resolve it as it is', async () => {
    const { organizationId } = await running.plainClient.createOrganization({ name: 'Owner' });
    const { connectionId } = await running.plainClient.createConnection({ organizationId, name: 'Calendar', kind: 'bearer', secret: SECRET });

    expect(await running.plainClient.resolveConnection({ organizationId, connectionId })).toMatchObject({
      headers: { authorization: `Bearer ${SECRET}` },
      sealed: null,
    });
  });

  it('are shown a signing secret as it is, once', async () => {
    const { organizationId } = await running.plainClient.createOrganization({ name: 'Signer' });
    const { connection, secret } = await running.plainClient.createSigningSecret({ organizationId, name: 'webhook' });
    const asked = { organizationId, connectionId: connection.connectionId };

    expect(secret).toMatch(/^whsec_/);
    expect(await running.plainClient.resolveSigningSecrets(asked)).toEqual({ signingSecrets: [secret], sealed: null });
  });
});
