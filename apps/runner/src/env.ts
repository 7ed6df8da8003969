import { commonEnv, databaseEnv, flag, list, listenEnv, secret } from '@patchbay/service-kit/config/env';
import { z } from 'zod';
import { guardEnv } from './guards/guard-env.ts';

export const Env = z.object({
  ...commonEnv,
  ...databaseEnv,
  ...listenEnv('runner', 7076),
  EGRESS_ALLOW_NETWORKS: list()
    .default([])
    .describe('Networks (CIDR, separated by commas) that providers may live in although they are not public.'),
  EGRESS_PUBLIC_PORTS: list()
    .transform((ports) => ports.map(Number))
    .refine((ports) => ports.length > 0 && ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536), 'is not a list of ports')
    .default([443, 8443])
    .describe('Ports of public addresses that providers may listen at, separated by commas.'),
  EGRESS_ALLOW_HTTP: flag().default(false).describe('true: plain http is allowed, to those networks only.'),
  RUNNER_CREDENTIAL_CACHE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(30_000)
    .describe('How long a resolved credential is kept in memory, in milliseconds.'),
  RUNNER_CONSENT_MODEL_URL: z
    .url()
    .optional()
    .describe('Base URL of an API like OpenAI’s, whose model judges answers to a read-back that the rules cannot read; nobody does unless given.'),
  RUNNER_CONSENT_MODEL: z.string().default('gpt-4o-mini').describe('The model to ask there.'),
  RUNNER_CONSENT_MODEL_KEY: secret().optional().describe('The key to ask it with.'),
  RUNNER_REHEARSAL_CALLS: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(150)
    .describe('Calls that a runner rehearses before it takes any, so that the first callers do not wait for its code to be compiled; 0 for none.'),
  ...guardEnv,
});
export type Env = z.output<typeof Env>;
