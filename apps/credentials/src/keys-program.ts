// `keys status`, `keys rotate` and `keys retire`: changes the key that stored secrets are encrypted with, while services run.
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { databaseEnv, loadEnv } from '@patchbay/service-kit/config/env';
import { createLogger } from '@patchbay/service-kit/telemetry/logger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AuditLog } from './outside/audit.repository.ts';
import { keyProviderOf, keysEnv } from './outside/keys/keys-env.ts';
import { SealedSecrets } from './outside/sealed-secrets.ts';
import { ConnectionSecretTable } from './tables/connection-secret.table.ts';
import { RotateKeys, type Rotation } from './use-cases/rotate-keys.ts';

const USAGE = `keys status             how many secrets are sealed under which key
keys rotate             make a new key, seal every secret under it, and prove that none is left under another
  --dry-run             say what would be done
  --new-key             make a new key although an interrupted rotation has left secrets under an old one
keys retire <key id>    destroy an old key of the local ring; refused while a secret is sealed under it`;
/** Longer than any transaction that seals, and than a process believes in the version of Vault's key it knows. */
const SETTLE_MS = 12_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    'dry-run': { type: 'boolean', default: false },
    'new-key': { type: 'boolean', default: false },
    'settle-ms': { type: 'string', default: String(SETTLE_MS) },
  },
});
const { env, keys } = readEnvironment();
const source = new DataSource({ type: 'postgres', url: env.DATABASE_URL.reveal(), entities: [ConnectionSecretTable] });
const secrets = new SealedSecrets(source, keys);

try {
  const [command, keyId] = positionals;
  await source.initialize();
  if (command === 'status') await status();
  else if (command === 'rotate') await (values['dry-run'] ? plan() : rotate());
  else if (command === 'retire' && keyId) await retire(keyId);
  else throw new Error(USAGE);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  if (source.isInitialized) await source.destroy();
}

function readEnvironment() {
  try {
    const read = loadEnv('keys', z.object({ DATABASE_URL: databaseEnv.DATABASE_URL, ...keysEnv }));
    return { env: read, keys: keyProviderOf(read) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

async function status(): Promise<void> {
  const current = await keys.currentKeyId();
  const uses = await secrets.countByKey();
  for (const use of uses) say(`${use.keyId}: ${use.secrets} secrets${use.keyId === current ? ', the current key' : ''}${problem(use.unreadable)}`);
  if (!uses.some(({ keyId }) => keyId === current)) say(`${current}: 0 secrets, the current key`);
  result({ current, keys: uses });
}

function problem(unreadable: string | null): string {
  return unreadable ? `, which cannot be opened (${unreadable})` : '';
}

async function plan(): Promise<void> {
  const current = await keys.currentKeyId();
  const left = (await secrets.countByKey()).filter(({ keyId }) => keyId !== current);
  const interrupted = left.length > 0 && !values['new-key'];
  const all = (await secrets.countByKey()).reduce((sum, use) => sum + use.secrets, 0);
  const toReseal = interrupted ? left.reduce((sum, use) => sum + use.secrets, 0) : all;
  say(interrupted ? `An earlier rotation to ${current} was interrupted: it would go on.` : `A new key would take the place of ${current}.`);
  say(`${toReseal} secrets would be sealed anew. Nothing was changed.`);
  result({ dryRun: true, current, wouldMakeKey: !interrupted, wouldReseal: toReseal });
}

async function rotate(): Promise<void> {
  const rotation = await new RotateKeys(source, secrets, new AuditLog(), keys).run({
    newKey: values['new-key'],
    settleMs: Number(values['settle-ms']),
    progress: (done, total) => say(`sealed ${done} of ${total}`),
    settling: () => say(`waiting ${values['settle-ms']} ms for what was being stored meanwhile, and counting once more`),
  });
  for (const { organizationId, connectionId, version, keyId, reason } of rotation.unreadable)
    say(`cannot be read (${reason}): version ${version} of ${connectionId} of ${organizationId}, sealed under ${keyId}`);
  say(summary(rotation));
  if (rotation.left > 0) process.exitCode = 1;
  result({ ...rotation, unreadable: rotation.unreadable.length });
}

function summary({ keyId, made, resealed, left }: Rotation): string {
  const how = made ? `${keyId} is the new key` : `the rotation to ${keyId} went on`;
  return `${how}: ${resealed} secrets sealed, ${left} left under other keys.`;
}

async function retire(keyId: string): Promise<void> {
  const ring = env.CREDENTIALS_KEYRING_FILE;
  if (!ring) throw new Error('Only a key of CREDENTIALS_KEYRING_FILE can be retired here.');
  const use = (await secrets.countByKey()).find((known) => known.keyId === keyId);
  if (use) throw new Error(`${use.secrets} secrets are sealed under ${keyId}: run "keys rotate" first.`);
  await ring.forget(keyId);
  createLogger('keys', 'info', process.stdout).info({ keyId }, 'a key was destroyed');
  say(`${keyId} is destroyed. Backups of the database from before the rotation cannot be read without it.`);
  result({ retired: keyId });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The last line is for programs. */
function result(value: object): void {
  say(JSON.stringify(value));
}
