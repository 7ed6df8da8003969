import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, type Account } from '@nats-io/jwt';
import { createOperator, createUser } from '@nats-io/nkeys';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgeInbox, edgePermissions } from '@patchbay/contracts/edge';
import { Secret } from '@patchbay/service-kit/config/secret';
import { startOperatorNats, type OperatorNats } from '@patchbay/testing/operator-nats';
import { pino } from 'pino';
import { AccountRevocations, type NatsOperator } from './account-revocations.ts';

let folder: string;
let server: OperatorNats;
let operator: NatsOperator;
let revocations: AccountRevocations;
const lines: string[] = [];
const logger = pino({}, { write: (line: string) => void lines.push(line) });
const open: NatsConnection[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-revocations-'));
  server = await startOperatorNats();
  const systemCredsFile = join(folder, 'system.creds');
  await writeFile(systemCredsFile, await server.mintSystem());
  operator = { natsUrl: server.url, account: server.account, operatorSeed: new Secret(server.operatorSeed), systemCredsFile };
  revocations = new AccountRevocations(operator, logger);
});

afterAll(async () => {
  await Promise.all(open.map((nats) => nats.close()));
  await server.stop();
  await rm(folder, { recursive: true });
});

interface ConnectedEdge {
  nats: NatsConnection;
  publicKey: string;
  edgeId: string;
  credentials: string;
}

async function anEdge(edgeId: string): Promise<ConnectedEdge> {
  const { publish, subscribe } = edgePermissions('org_a', edgeId);
  const { credentials, publicKey } = await server.mint(edgeId, { pub: { allow: publish }, sub: { allow: subscribe } });
  return { nats: await logIn(credentials, edgeId), publicKey, edgeId, credentials };
}

async function logIn(credentials: string, edgeId: string): Promise<NatsConnection> {
  const authenticator = credsAuthenticator(new TextEncoder().encode(credentials));
  const nats = await connect({ servers: server.url, authenticator, inboxPrefix: edgeInbox(edgeId), reconnect: false });
  open.push(nats);
  return nats;
}

async function claims() {
  const authenticator = credsAuthenticator(new TextEncoder().encode(await server.mintSystem()));
  const nats = await connect({ servers: server.url, authenticator, reconnect: false });
  const reply = await nats.request(`$SYS.REQ.ACCOUNT.${server.account}.CLAIMS.LOOKUP`);
  await nats.close();
  return decode<Account>(reply.string()).nats;
}

describe('an edge that was revoked', () => {
  it('is cut off at once and let in no more, and the others stay', async () => {
    const [gone, stays] = [await anEdge('edge_gone'), await anEdge('edge_stays')];

    await revocations.publish([{ publicKey: gone.publicKey, at: new Date() }]);

    await gone.nats.closed();
    await expect(logIn(gone.credentials, gone.edgeId)).rejects.toThrow(/Authorization Violation/i);
    await stays.nats.flush();
    expect(stays.nats.isClosed()).toBe(false);
  });

  it('comes back when the list no longer names it, as the list is the whole list', async () => {
    const edge = await anEdge('edge_back');
    await revocations.publish([{ publicKey: edge.publicKey, at: new Date() }]);

    await revocations.publish([]);

    await expect(logIn(edge.credentials, edge.edgeId)).resolves.toBeDefined();
    expect((await claims()).revocations).toEqual({});
  });

  it('is let in until its time has come', async () => {
    const edge = await anEdge('edge_later');

    await revocations.publish([{ publicKey: edge.publicKey, at: new Date(Date.now() + 3_600_000) }]);

    await expect(logIn(edge.credentials, edge.edgeId)).resolves.toBeDefined();
  });
});

describe('the claims of the account', () => {
  it('keep their limits and keys', async () => {
    const { limits, signing_keys } = await claims();
    const publicKey = createUser().getPublicKey();

    await revocations.publish([{ publicKey, at: new Date(1_700_000_000_900) }]);

    expect(await claims()).toMatchObject({ limits, signing_keys, revocations: { [publicKey]: 1_700_000_000 } });
  });

  it('are not sent again where nothing changes', async () => {
    const revoked = [{ publicKey: createUser().getPublicKey(), at: new Date() }];
    await revocations.publish(revoked);
    const before = await claims();

    await revocations.publish(revoked);

    expect(await claims()).toEqual(before);
  });
});

describe('a list that does not reach the server', () => {
  it('is refused when its signer is not of this operator, and nobody is told the key', async () => {
    const seed = new TextDecoder().decode(createOperator().getSeed());
    const before = await claims();
    await anEdge('edge_here');
    const foreign = new AccountRevocations({ ...operator, operatorSeed: new Secret(seed) }, logger);

    const refused = foreign.publish([{ publicKey: createUser().getPublicKey(), at: new Date() }]);

    await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
    await expect(refused).rejects.not.toThrow(seed);
    expect(await claims()).toEqual(before);
  });

  it('is refused when the server is away', async () => {
    const away = new AccountRevocations({ ...operator, natsUrl: 'nats://127.0.0.1:1' }, logger);

    await expect(away.publish([])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is refused when the account is not there', async () => {
    const other = new AccountRevocations({ ...operator, account: `A${'A'.repeat(55)}` }, logger);

    await expect(other.publish([])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is warned of once where nothing is set up to send it', async () => {
    const none = new AccountRevocations(null, logger);
    lines.length = 0;

    await none.publish([]);
    await none.publish([{ publicKey: createUser().getPublicKey(), at: new Date() }]);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('CREDENTIALS_NATS_OPERATOR_SEED');
  });
});
