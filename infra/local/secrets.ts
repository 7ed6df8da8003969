import { randomBytes, randomInt } from 'node:crypto';
import { createAccount, createOperator } from '@nats-io/nkeys';
import { findJson, writePrivateJson } from './private-file.ts';

/** Generated once per data folder. Whoever loses the file loses every stored credential: they are encrypted with it. */
export interface Secrets {
  postgres: { superuser: string; roles: Record<string, string> };
  nats: { operatorSeed: string; systemAccountSeed: string; accountSeed: string; signingSeed: string };
  /** The value of CREDENTIALS_KEYRING. */
  keyring: { primary: string; keys: Record<string, string> };
  firstApiKey: string;
}

const BASE36 = 'abcdefghijklmnopqrstuvwxyz0123456789';
const BASE62 = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${BASE36}`;
const KEY_BYTES = 32;
const PASSWORD_LENGTH = 32;
const API_KEY_ID_LENGTH = 16;
/** 43 characters of 62 are 256 bits. */
const API_KEY_SECRET_LENGTH = 43;

/** Reads the secrets, making what is missing: a service added later gets its password without touching the others'. */
export function ensureSecrets(file: string, roles: string[]): Secrets {
  const found = findJson<Secrets>(file);
  const secrets = found ?? generate();
  const missing = roles.filter((role) => !secrets.postgres.roles[role]);
  for (const role of missing) secrets.postgres.roles[role] = randomText(BASE62, PASSWORD_LENGTH);
  if (!found || missing.length > 0) writePrivateJson(file, secrets);
  return secrets;
}

function generate(): Secrets {
  return {
    postgres: { superuser: randomText(BASE62, PASSWORD_LENGTH), roles: {} },
    nats: {
      operatorSeed: seedOf(createOperator()),
      systemAccountSeed: seedOf(createAccount()),
      accountSeed: seedOf(createAccount()),
      signingSeed: seedOf(createAccount()),
    },
    keyring: { primary: 'k1', keys: { k1: randomBytes(KEY_BYTES).toString('base64') } },
    firstApiKey: `pbk_${randomText(BASE36, API_KEY_ID_LENGTH)}_${randomText(BASE62, API_KEY_SECRET_LENGTH)}`,
  };
}

function seedOf(key: { getSeed(): Uint8Array }): string {
  return new TextDecoder().decode(key.getSeed());
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
