import { fromSeed } from '@nats-io/nkeys';
import { secret } from '@patchbay/service-kit/config/env';
import type { Secret } from '@patchbay/service-kit/config/secret';
import { z } from 'zod';
import type { NatsOperator } from './account-revocations.ts';

/** What it takes to tell the NATS server whom to turn away. */
export const natsOperatorEnv = {
  CREDENTIALS_NATS_OPERATOR_SEED: secret()
    .refine((seed) => isOperatorSeed(seed.reveal()), 'is not the seed of a NATS operator key (it begins with SO)')
    .optional()
    .describe('Seed of a signing key of the NATS operator, which signs the revocation of edges. Without it only Patchbay itself turns them away.'),
  CREDENTIALS_NATS_SYSTEM_CREDS: z
    .string()
    .optional()
    .describe('Path of a credentials file of the NATS system account, with which revocations are sent.'),
};

interface NatsOperatorSettings {
  NATS_URL: string;
  CREDENTIALS_NATS_ACCOUNT_SEED: Secret;
  CREDENTIALS_NATS_ACCOUNT?: string | undefined;
  CREDENTIALS_NATS_OPERATOR_SEED?: Secret | undefined;
  CREDENTIALS_NATS_SYSTEM_CREDS?: string | undefined;
}

/** Null unless both are set: a key without a login, or the other way round, changes nothing. */
export function natsOperatorOf(env: NatsOperatorSettings): NatsOperator | null {
  const { CREDENTIALS_NATS_OPERATOR_SEED: operatorSeed, CREDENTIALS_NATS_SYSTEM_CREDS: systemCredsFile } = env;
  if (!operatorSeed || !systemCredsFile) return null;
  const account = env.CREDENTIALS_NATS_ACCOUNT ?? publicKeyOf(env.CREDENTIALS_NATS_ACCOUNT_SEED.reveal());
  return { natsUrl: env.NATS_URL, account, operatorSeed, systemCredsFile };
}

function isOperatorSeed(text: string): boolean {
  try {
    return publicKeyOf(text).startsWith('O');
  } catch {
    return false; // The library throws one of several errors for a text that is no seed; which one tells nobody anything.
  }
}

function publicKeyOf(seed: string): string {
  return fromSeed(new TextEncoder().encode(seed)).getPublicKey();
}
