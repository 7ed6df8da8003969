import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { credsAuthenticator } from '@nats-io/transport-node';
import { edgePermissions } from '@patchbay/contracts/edge';
import { startNats, type TestNats } from '@patchbay/testing/nats-server';
import { call, edgeId, organizationId, started } from '../testing/messages.ts';
import { operatorMode, type OperatorMode } from '../testing/operator-mode.ts';
import { ScriptedPlatform } from '../testing/scripted-platform.ts';
import { connectEdge } from './connect-edge.ts';

let operator: OperatorMode;
let server: TestNats;
let platform: ScriptedPlatform;
let credentials: string;

beforeAll(async () => {
  operator = await operatorMode();
  server = await startNats(operator.config);
  credentials = await operator.credentials(edgePermissions(organizationId, edgeId));
  const everything = await operator.credentials({ publish: ['>'], subscribe: ['>'] });
  platform = await ScriptedPlatform.connect(server.url, {
    authenticator: credsAuthenticator(new TextEncoder().encode(everything)),
  });
  await platform.answer('session.start', () => ({ body: started }));
});

afterAll(async () => {
  await platform.stop();
  await server.stop();
});

describe('with the credentials that the platform gives an edge', () => {
  it('a session can be started', async () => {
    const edge = await connectEdge({ natsUrl: server.url, credentials, organizationId, edgeId });

    expect(await edge.startSession(call)).toMatchObject({ sessionId: started.sessionId });
    await edge.close();
  });

  it.each([
    ['another organization', { organizationId: 'org_0190b6f0ffff7000800000000000000f', edgeId }],
    ['another edge', { organizationId, edgeId: 'edge_0190b6f0ffff7000800000000000000f' }],
  ])('an edge of %s cannot connect', async (_whose, identity) => {
    const before = platform.received.length;

    await expect(connectEdge({ natsUrl: server.url, credentials, ...identity })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(identity.edgeId),
    });
    expect(platform.received).toHaveLength(before);
  });

  it('an operation that they do not allow is forbidden', async () => {
    const { publish, subscribe } = edgePermissions(organizationId, edgeId);
    const narrow = await operator.credentials({
      publish: publish.map((subject) => subject.replace('>', 'turn')),
      subscribe,
    });
    const edge = await connectEdge({ natsUrl: server.url, credentials: narrow, organizationId, edgeId });

    await expect(edge.startSession(call)).rejects.toMatchObject({ code: 'forbidden' });
    await edge.close();
  });
});

describe('without credentials that the server knows', () => {
  it('connecting is unauthenticated', async () => {
    const foreign = await (await operatorMode()).credentials(edgePermissions(organizationId, edgeId));

    await expect(
      connectEdge({ natsUrl: server.url, credentials: foreign, organizationId, edgeId }),
    ).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(connectEdge({ natsUrl: server.url, organizationId, edgeId })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('nothing of the credentials stands in an error', async () => {
    const seed = credentials.match(/^SU[A-Z0-9]+$/m)?.[0] ?? '';
    const broken = credentials.replace(seed, `${seed.slice(0, -4)}AAAA`);

    const error: unknown = await connectEdge({
      natsUrl: server.url,
      credentials: broken,
      organizationId,
      edgeId,
    }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'invalid_arguments', details: { fields: [{ path: 'credentials' }] } });
    expect(seed).toMatch(/^SU/);
    expect(String((error as Error).stack)).not.toContain(seed.slice(0, 12));
  });
});
