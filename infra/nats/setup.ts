// What docker-compose.yml runs first, at every `up`: makes the secrets that are missing, and writes the configuration
// of NATS and each service's logins from them, each into the volume of the one container that needs it.
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { natsIdentity, natsServerConfig, writeServiceCreds, writeSystemCreds } from '../local/nats-config.ts';
import { serviceDatabaseUrls } from '../local/postgres-databases.ts';
import { writePrivateFile } from '../local/private-file.ts';
import { ensureKeyring, ensureSecrets } from '../local/secrets.ts';
import { databaseRoles, SERVICES, type ServiceSpec } from '../local/services.ts';
import { CONTAINER_USER, MOUNTED_KEYRING, MOUNTED_SYSTEM_CREDS, mountedCredsFile, volumesIn } from './volumes.ts';

const NATS_LISTEN = '0.0.0.0:4222';
/** For the container's own health check; nobody else reaches it. */
const NATS_MONITOR = '127.0.0.1:8222';

const { PATCHBAY_VOLUMES = '/patchbay', DATABASE_URL } = process.env;
if (!DATABASE_URL) throw new Error('DATABASE_URL is missing: where the services reach PostgreSQL.');

const withSecrets = SERVICES.filter(({ nats }) => nats);
const volumes = volumesIn(PATCHBAY_VOLUMES);
becomeContainerUser([
  volumes.setup,
  volumes.postgres,
  volumes.nats,
  volumes.keyringFolder,
  ...withSecrets.map(({ name }) => volumes.service(name)),
]);
const secrets = ensureSecrets(volumes.secrets, databaseRoles(SERVICES));
ensureKeyring(join(volumes.keyringFolder, 'keyring.json'), volumes.secrets);
const identity = natsIdentity(secrets.nats);
writePrivateFile(volumes.postgresPassword, secrets.postgres.superuser);
await writeNatsConfig();
for (const service of withSecrets) await writeService(service, DATABASE_URL);
console.log('Secrets, NATS configuration and logins are in place. The first API key is printed by:');
console.log('  docker compose exec credentials node --env-file=/run/patchbay/service.env \\');
console.log('    --print process.env.CREDENTIALS_FIRST_API_KEY');

/** A new volume belongs to root. Root is needed for nothing but to give it away. */
function becomeContainerUser(folders: string[]): void {
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  if (process.getuid?.() !== 0) return;
  for (const folder of folders) chownSync(folder, CONTAINER_USER, CONTAINER_USER);
  process.setgroups!([]);
  process.setgid!(CONTAINER_USER);
  process.setuid!(CONTAINER_USER);
}

async function writeNatsConfig(): Promise<void> {
  const config = await natsServerConfig(identity, { listen: NATS_LISTEN, storeDir: volumes.nats, folder: volumes.nats });
  writePrivateFile(volumes.natsConfig, `${config}http: "${NATS_MONITOR}"\n`);
}

async function writeService({ name, database }: ServiceSpec, adminUrl: string): Promise<void> {
  const folder = volumes.service(name);
  await writeServiceCreds(identity, folder, [name]);
  if (name === 'credentials') await writeSystemCreds(identity, folder);
  const variables = {
    NATS_CREDS: mountedCredsFile(name),
    ...(database ? databaseVariables(name, adminUrl) : {}),
    ...(name === 'credentials' ? credentialsVariables() : {}),
  };
  writePrivateFile(join(folder, 'service.env'), envFile(variables));
}

function databaseVariables(name: string, adminUrl: string): Record<string, string> {
  const { work, migration } = serviceDatabaseUrls(adminUrl, name, secrets.postgres.roles);
  return { DATABASE_URL: work, ...(migration ? { DATABASE_MIGRATION_URL: migration } : {}) };
}

function credentialsVariables(): Record<string, string> {
  const { firstApiKey, nats } = secrets;
  return {
    CREDENTIALS_KEYRING_FILE: MOUNTED_KEYRING,
    CREDENTIALS_FIRST_API_KEY: firstApiKey,
    CREDENTIALS_NATS_ACCOUNT_SEED: nats.signingSeed,
    CREDENTIALS_NATS_ACCOUNT: identity.account.getPublicKey(),
    CREDENTIALS_NATS_OPERATOR_SEED: nats.operatorSigningSeed,
    CREDENTIALS_NATS_SYSTEM_CREDS: MOUNTED_SYSTEM_CREDS,
  };
}

/** As `node --env-file` reads it: nothing is special between single quotes, and no generated value contains one. */
function envFile(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}
