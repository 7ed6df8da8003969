import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeAccount, encodeOperator, encodeUser, fmtCreds } from '@nats-io/jwt';
import { createAccount, createOperator, createUser, type KeyPair } from '@nats-io/nkeys';
import { connect, credsAuthenticator, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { credentials } from '@patchbay/contracts/credentials';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { startNats } from '@patchbay/testing/nats-server';
import { createTestDatabase } from '@patchbay/testing/test-database';
import { DataSource } from 'typeorm';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';

export const FIRST_API_KEY = `pbk_0123456789abcdef_${'s'.repeat(43)}`;

export interface RunningCredentials {
  service: RunningService;
  client: ClientOf<typeof credentials>;
  source: DataSource;
  /** A connection that may use every subject of the account. */
  nats: NatsConnection;
  env: Env;
  connectAs(credentialsFile: string, options?: ConnectionOptions): Promise<NatsConnection>;
  /** A second process of the service, on the same database. */
  startSecond(changes?: Record<string, string>): Promise<RunningService>;
  stop(): Promise<void>;
}

/** The service on a database of its own and a nats-server that lets in only users signed by our account. */
export async function runCredentials(): Promise<RunningCredentials> {
  const account = createAccount();
  const signing = createAccount();
  const serviceUser = await trustedUser(account, signing);
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-credentials-'));
  const credsFile = join(folder, 'service.creds');
  await writeFile(credsFile, serviceUser);
  const [database, server] = await Promise.all([createTestDatabase(), startNats(await operatorMode(account, signing))]);
  const values = {
    NATS_URL: server.url,
    NATS_CREDS: credsFile,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'silent',
    CREDENTIALS_PORT: '0',
    CREDENTIALS_KEYRING: JSON.stringify({ primary: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    CREDENTIALS_FIRST_API_KEY: FIRST_API_KEY,
    CREDENTIALS_NATS_ACCOUNT_SEED: new TextDecoder().decode(signing.getSeed()),
    CREDENTIALS_NATS_ACCOUNT: account.getPublicKey(),
  };
  const env = loadEnv('credentials', Env, values);
  const service = await startService(define(env));
  const connectAs = (file: string, options: ConnectionOptions = {}) =>
    connect({
      servers: server.url,
      authenticator: credsAuthenticator(new TextEncoder().encode(file)),
      reconnect: false,
      ...options,
    });
  const nats = await connectAs(serviceUser);
  return {
    service,
    nats,
    env,
    connectAs,
    client: clientFor(nats, credentials),
    source: service.app.get(DataSource),
    startSecond: (changes = {}) => startService(define(loadEnv('credentials', Env, { ...values, ...changes }))),
    async stop() {
      await nats.drain();
      await service.stop();
      await server.stop();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

async function trustedUser(account: KeyPair, signing: KeyPair): Promise<string> {
  const user = createUser();
  const everything = { pub: { allow: ['>'] }, sub: { allow: ['>'] } };
  const jwt = await encodeUser('credentials', user, account, everything, { signer: signing });
  return new TextDecoder().decode(fmtCreds(jwt, user));
}

async function operatorMode(account: KeyPair, signing: KeyPair): Promise<string> {
  const [operator, system] = [createOperator(), createAccount()];
  const limits = { subs: -1, data: -1, payload: -1, conn: -1, leaf: -1, imports: -1, exports: -1, wildcards: true };
  const signing_keys = [signing.getPublicKey()];
  const operatorJwt = await encodeOperator('test', operator, { system_account: system.getPublicKey() });
  const systemJwt = await encodeAccount('SYS', system, { limits }, { signer: operator });
  const accountJwt = await encodeAccount('PATCHBAY', account, { limits, signing_keys }, { signer: operator });
  return `
    operator: ${operatorJwt}
    system_account: ${system.getPublicKey()}
    resolver: MEMORY
    resolver_preload: { ${system.getPublicKey()}: ${systemJwt}, ${account.getPublicKey()}: ${accountJwt} }
  `;
}
