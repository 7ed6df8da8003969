import { commonEnv, databaseEnv, flag, list, listenEnv, secret } from '@patchbay/service-kit/config/env';
import { z } from 'zod';
import { parseApiKey } from './outside/api-key.ts';
import { isAccountSeed } from './outside/edge-minter.ts';
import { natsOperatorEnv } from './outside/nats-operator-env.ts';
import { keysEnv } from './outside/keys/keys-env.ts';
import { oidcEnv } from './outside/oidc/oidc-env.ts';

export const Env = z.object({
  ...commonEnv,
  ...databaseEnv,
  ...listenEnv('credentials', 7072),
  ...keysEnv,
  CREDENTIALS_FIRST_API_KEY: secret()
    .refine(
      (key) => parseApiKey(key.reveal()) !== null,
      'is not of the form pbk_<16 characters a-z0-9>_<at least 32 characters A-Za-z0-9>',
    )
    .optional()
    .describe('The operator key of the organization "default", made at the first start.'),
  EGRESS_ALLOW_NETWORKS: list()
    .default([])
    .describe('Networks (CIDR, separated by commas) that providers and issuers may live in although they are not public.'),
  EGRESS_PUBLIC_PORTS: list()
    .transform((ports) => ports.map(Number))
    .refine((ports) => ports.length > 0 && ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536), 'is not a list of ports')
    .default([443, 8443])
    .describe('Ports of public addresses that providers and issuers may listen at, separated by commas.'),
  EGRESS_ALLOW_HTTP: flag().default(false).describe('true: plain http is allowed, to those networks only.'),
  CREDENTIALS_PUBLIC_URL: z.url().optional().describe('Where browsers reach the gateway, like https://patchbay.example; sign-ins and authorizations come back there.'),
  CREDENTIALS_FIRST_OWNER_EMAIL: z
    .email()
    .max(254)
    .optional()
    .describe('Whoever signs in with this address, verified, owns the organization "default"; read while it has no owner.'),
  ...oidcEnv,
  CREDENTIALS_NATS_ACCOUNT_SEED: secret()
    .refine((seed) => isAccountSeed(seed.reveal()), 'is not the seed of a NATS account key (it begins with SA)')
    .describe('Seed of the key of the NATS account, or of one of its signing keys, that signs the users of edges.'),
  CREDENTIALS_NATS_ACCOUNT: z
    .string()
    .regex(/^A[A-Z2-7]{55}$/, 'is not the public key of a NATS account (it begins with A and has 56 characters)')
    .optional()
    .describe('Public key of the NATS account; needed when the seed is that of a signing key.'),
  ...natsOperatorEnv,
  CREDENTIALS_PUBLIC_NATS_URL: z.string().optional().describe('Where edges reach NATS; NATS_URL when absent.'),
});
export type Env = z.output<typeof Env>;
