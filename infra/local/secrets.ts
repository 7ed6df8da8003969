import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createAccount, createOperator } from '@nats-io/nkeys';
import { findJson, writePrivateJson } from './private-file.ts';

/** Generated once per data folder. */
export interface Secrets {
  postgres: { superuser: string; roles: Record<string, string> };
  nats: NatsSeeds;
  /** Where an earlier release kept it. */
  keyring?: KeyRing;
  firstApiKey: string;
}

export interface NatsSeeds {
  operatorSeed: string;
  /** Signs changes of our account for the operator, and can be replaced without a new operator. */
  operatorSigningSeed: string;
  systemAccountSeed: string;
  accountSeed: string;
  signingSeed: string;
}

interface KeyRing {
  primary: string;
  keys: Record<string, string>;
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
  // An earlier release had none.
  const isWithoutSigner = !secrets.nats.operatorSigningSeed;
  if (isWithoutSigner) secrets.nats.operatorSigningSeed = seedOf(createOperator());
  const missing = roles.filter((role) => !secrets.postgres.roles[role]);
  for (const role of missing) secrets.postgres.roles[role] = randomText(BASE62, PASSWORD_LENGTH);
  if (!found || isWithoutSigner || missing.length > 0) writePrivateJson(file, secrets);
  return secrets;
}

/**
 * The keys of the stored credentials, in a file of their own: a rotation changes them while services run. Whoever loses the file loses every
 * stored credential.
 */
export function ensureKeyring(file: string, secretsFile: string): void {
  const secrets = findJson<Secrets>(secretsFile);
  if (!existsSync(file)) writePrivateJson(file, secrets?.keyring ?? newKeyring());
  if (!secrets?.keyring) return;
  const { keyring: _moved, ...others } = secrets;
  writePrivateJson(secretsFile, others);
}

function newKeyring(): KeyRing {
  return { primary: 'k1', keys: { k1: randomBytes(KEY_BYTES).toString('base64') } };
}

function generate(): Secrets {
  return {
    postgres: { superuser: randomText(BASE62, PASSWORD_LENGTH), roles: {} },
    nats: {
      operatorSeed: seedOf(createOperator()),
      operatorSigningSeed: seedOf(createOperator()),
      systemAccountSeed: seedOf(createAccount()),
      accountSeed: seedOf(createAccount()),
      signingSeed: seedOf(createAccount()),
    },
    firstApiKey: `pbk_${randomText(BASE36, API_KEY_ID_LENGTH)}_${randomText(BASE62, API_KEY_SECRET_LENGTH)}`,
  };
}

function seedOf(key: { getSeed(): Uint8Array }): string {
  return new TextDecoder().decode(key.getSeed());
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
