import { commonEnv, databaseEnv, listenEnv, secret } from '@patchbay/service-kit/config/env';
import type { Secret } from '@patchbay/service-kit/config/secret';
import { z } from 'zod';
import { parseApiKey } from './outside/api-key.ts';
import { isAccountSeed } from './outside/edge-minter.ts';
import { KeyRing } from './outside/key-ring.ts';

function readKeyRing(value: Secret, context: z.RefinementCtx): KeyRing {
  try {
    return KeyRing.parse(value.reveal());
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
}

export const Env = z.object({
  ...commonEnv,
  ...databaseEnv,
  ...listenEnv('credentials', 7072),
  CREDENTIALS_KEYRING: secret()
    .transform(readKeyRing)
    .describe(
      'The keys that stored secrets are encrypted with: {"primary":"k1","keys":{"k1":"<base64 of 32 bytes>"}}.',
    ),
  CREDENTIALS_FIRST_API_KEY: secret()
    .refine(
      (key) => parseApiKey(key.reveal()) !== null,
      'is not of the form pbk_<16 characters a-z0-9>_<at least 32 characters A-Za-z0-9>',
    )
    .optional()
    .describe('The operator key of the organization "default", made at the first start.'),
  CREDENTIALS_NATS_ACCOUNT_SEED: secret()
    .refine((seed) => isAccountSeed(seed.reveal()), 'is not the seed of a NATS account key (it begins with SA)')
    .describe('Seed of the key of the NATS account, or of one of its signing keys, that signs the users of edges.'),
  CREDENTIALS_NATS_ACCOUNT: z
    .string()
    .regex(/^A[A-Z2-7]{55}$/, 'is not the public key of a NATS account (it begins with A and has 56 characters)')
    .optional()
    .describe('Public key of the NATS account; needed when the seed is that of a signing key.'),
  CREDENTIALS_PUBLIC_NATS_URL: z.string().optional().describe('Where edges reach NATS; NATS_URL when absent.'),
});
export type Env = z.output<typeof Env>;
