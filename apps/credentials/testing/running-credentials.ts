import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, credsAuthenticator, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { credentials } from '@patchbay/contracts/credentials';
import { startService, type RunningService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { clientFor, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { temporaryFolder } from '@patchbay/testing/kept-run';
import { KNOWN_SECRETS } from '@patchbay/testing/known-secrets';
import { startOperatorNats } from '@patchbay/testing/operator-nats';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { DataSource } from 'typeorm';
import { Env } from '../src/env.ts';
import { define } from '../src/service.ts';
import { AUDIENCE, CLIENT } from './running-issuer.ts';
import { sealingClient } from './sealing-client.ts';

export const FIRST_API_KEY = KNOWN_SECRETS.apiKey;

export interface RunningCredentials {
  service: RunningService;
  client: ClientOf<typeof credentials>;
  /** As an earlier release asks: with secrets as they are. */
  plainClient: ClientOf<typeof credentials>;
  source: DataSource;
  /** A connection that may use every subject of the account. */
  nats: NatsConnection;
  env: Env;
  /** What the environment was read from, for further processes of the service. */
  values: Record<string, string>;
  database: TestDatabase;
  /** As the superuser of the database, before whom there are no walls. */
  query: TestDatabase['query'];
  /** A credentials file of the system account of NATS. */
  systemCredsFile: string;
  connectAs(credentialsFile: string, options?: ConnectionOptions): Promise<NatsConnection>;
  /** A second process of the service, on the same database. */
  startSecond(changes?: Record<string, string>): Promise<RunningService>;
  stop(): Promise<void>;
}

/** What lets people sign in at an issuer on this machine. */
export function signInEnv(issuer: string): Record<string, string> {
  return {
    CREDENTIALS_OIDC_ISSUER: issuer,
    CREDENTIALS_OIDC_CLIENT_ID: CLIENT.client_id,
    CREDENTIALS_OIDC_CLIENT_SECRET: CLIENT.client_secret,
    CREDENTIALS_OIDC_AUDIENCE: AUDIENCE,
    CREDENTIALS_PUBLIC_URL: 'https://patchbay.example',
    EGRESS_ALLOW_NETWORKS: '127.0.0.0/8,::1/128',
    EGRESS_ALLOW_HTTP: 'true',
  };
}

/** The service on a database of its own and a nats-server that lets in only users signed by our account. */
export async function runCredentials(changes: Record<string, string> = {}): Promise<RunningCredentials> {
  const [database, server] = await Promise.all([createTestDatabase('credentials'), startOperatorNats()]);
  const folder = await temporaryFolder('credentials-');
  const files = { service: join(folder.path, 'service.creds'), system: join(folder.path, 'system.creds') };
  const { credentials: serviceUser } = await server.mint('credentials', { pub: { allow: ['>'] }, sub: { allow: ['>'] } });
  await Promise.all([writeFile(files.service, serviceUser), writeFile(files.system, await server.mintSystem())]);
  const values = {
    NATS_URL: server.url,
    NATS_CREDS: files.service,
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.migrationUrl,
    LOG_LEVEL: 'silent',
    CREDENTIALS_PORT: '0',
    CREDENTIALS_KEYRING: JSON.stringify({ primary: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    CREDENTIALS_FIRST_API_KEY: FIRST_API_KEY,
    CREDENTIALS_NATS_ACCOUNT_SEED: server.signingSeed,
    CREDENTIALS_NATS_ACCOUNT: server.account,
    CREDENTIALS_NATS_OPERATOR_SEED: server.operatorSeed,
    CREDENTIALS_NATS_SYSTEM_CREDS: files.system,
    ...changes,
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
  const plainClient = clientFor(nats, credentials);
  return {
    service,
    nats,
    env,
    values,
    database,
    query: database.query,
    systemCredsFile: files.system,
    connectAs,
    client: await sealingClient(plainClient),
    plainClient,
    source: service.app.get(DataSource),
    startSecond: (more = {}) => startService(define(loadEnv('credentials', Env, { ...values, ...more }))),
    async stop() {
      await nats.drain();
      await service.stop();
      await server.stop();
      await database.drop();
      await folder.remove();
    },
  };
}
