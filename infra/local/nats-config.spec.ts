import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { decode, encodeAccount, type Account } from '@nats-io/jwt';
import { createAccount, createUser } from '@nats-io/nkeys';
import { checkNats, startNats } from './nats.ts';
import { mintCreds, natsIdentity, natsServerConfig, startCredsFile, writeStartCreds } from './nats-config.ts';
import { findNatsBinary } from './nats-server.ts';
import { versionOf } from './nats-install.ts';
import { createFolders, dataDirFrom, pathsIn } from './paths.ts';
import { freePort } from './ports.ts';
import { ProcessRecord } from './process-record.ts';
import { ensureSecrets } from './secrets.ts';
import { makeScratchFolder } from './testing/scratch-folder.ts';

const EDGE = {
  pub: { allow: ['edge.v1.org_a.edge_1.>'] },
  sub: { allow: ['_INBOX_edge_1.>', 'call.v1.org_a.edge_1.>'] },
};

const folder = makeScratchFolder();
const paths = pathsIn(folder.path);
createFolders(paths);
const identity = natsIdentity(ensureSecrets(paths.secrets, []).nats);
const undo = new AsyncDisposableStack();
let url = '';

beforeAll(async () => {
  undo.defer(() => folder.remove());
  const path = process.env.PATCHBAY_NATS_SERVER ?? (await findNatsBinary({ env: process.env, binDir: pathsIn(dataDirFrom({})).bin, note: () => {} }));
  const port = await freePort();
  url = `nats://127.0.0.1:${port}`;
  await writeStartCreds(identity, paths.creds);
  const choice = { kind: 'binary' as const, path, version: (await versionOf(path))! };
  await startNats({ choice, paths, port, identity, record: new ProcessRecord(paths.processes), undo });
}, 60_000);

afterAll(() => undo.disposeAsync());

describe('the configuration', () => {
  it('written at the next start keeps whom the platform has revoked', async () => {
    const revocations = { [createUser().getPublicKey()]: 1_700_000_000 };
    const account = identity.account.getPublicKey();
    const claims = join(folder.path, 'kept', 'claims');
    mkdirSync(claims, { recursive: true });
    writeFileSync(
      join(claims, `${account}.jwt`),
      await encodeAccount('PATCHBAY', identity.account, { revocations }, { signer: identity.operatorSigning }),
    );

    const config = await natsServerConfig(identity, { listen: '127.0.0.1:0', storeDir: '/kept', folder: join(folder.path, 'kept') });

    const [, jwt] = new RegExp(`${account}: (\\S+)`).exec(config)!;
    expect(decode<Account>(jwt!).nats.revocations).toEqual(revocations);
  });
});

describe('the embedded broker', () => {
  it('writes down what it is sent, whole, only where that is asked for', async () => {
    const listen = { listen: '127.0.0.1:0', storeDir: '/kept', folder: join(folder.path, 'other') };

    expect(await natsServerConfig(identity, listen)).toContain('trace: false');
    expect(await natsServerConfig(identity, { ...listen, trace: true })).toContain('trace: true');
  });

  it('lets in who has a creds file, and has JetStream', async () => {
    await expect(checkNats(url, startCredsFile(paths.creds))).resolves.toBeUndefined();
  });

  it('lets nobody in without a login, nor with one that another account signed', async () => {
    const foreign = { ...identity, account: createAccount(), signing: createAccount() };

    await expect(connect({ servers: url })).rejects.toThrow(/Authorization/i);
    await expect(logIn(await mintCreds(foreign, 'edge_1', EDGE))).rejects.toThrow(/Authorization/i);
  });

  it('lets an edge ask below its own prefix and hear the answer', async () => {
    const runner = await logIn(await mintCreds(identity, 'runner', { pub: { allow: ['>'] }, sub: { allow: ['>'] } }));
    const edge = await logIn(await mintCreds(identity, 'edge_1', EDGE));
    runner.subscribe('edge.v1.*.*.turn', {
      callback: (_error, message) => void message.respond(message.data),
    });
    await runner.flush();

    const reply = await edge.request('edge.v1.org_a.edge_1.turn', 'hello');

    expect(reply.string()).toBe('hello');
  });

  it.each(['edge.v1.org_b.edge_9.turn', 'edge.v1.org_a.edge_2.turn', '_INBOX_edge_2.x', '$JS.API.INFO'])(
    'refuses what an edge publishes to %s',
    async (subject) => {
      const edge = await logIn(await mintCreds(identity, 'edge_1', EDGE));
      const refused = nextError(edge);

      edge.publish(subject, 'hello');

      expect(await refused).toMatch(/Permissions Violation/i);
    },
  );

  it.each(['_INBOX_edge_2.>', 'call.v1.org_a.edge_2.>', 'edge.v1.>', '>'])('refuses an edge that listens to %s', async (subject) => {
    const edge = await logIn(await mintCreds(identity, 'edge_1', EDGE));
    const refused = Promise.withResolvers<Error>();

    edge.subscribe(subject, { callback: (error) => refused.resolve(error ?? new Error('a message arrived')) });

    expect((await refused.promise).message).toMatch(/Permissions Violation/i);
  });
});

/** Closed with everything else at the end. */
async function logIn(creds: Uint8Array): Promise<NatsConnection> {
  const authenticator = credsAuthenticator(creds);
  const connection = await connect({ servers: url, authenticator, inboxPrefix: '_INBOX_edge_1', reconnect: false });
  undo.defer(() => connection.close());
  return connection;
}

async function nextError(connection: NatsConnection): Promise<string> {
  for await (const status of connection.status()) if (status.type === 'error') return status.error.message;
  throw new Error('The connection closed without an error.');
}
