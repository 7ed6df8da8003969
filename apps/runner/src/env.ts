import { commonEnv, databaseEnv, flag, list, listenEnv } from '@patchbay/service-kit/config/env';
import { z } from 'zod';
import { guardEnv } from './guards/guard-env.ts';

export const Env = z.object({
  ...commonEnv,
  ...databaseEnv,
  ...listenEnv('runner', 7076),
  EGRESS_ALLOW_NETWORKS: list()
    .default([])
    .describe('Networks (CIDR, separated by commas) that providers may live in although they are not public.'),
  EGRESS_ALLOW_HTTP: flag().default(false).describe('true: plain http is allowed, to those networks only.'),
  RUNNER_CREDENTIAL_CACHE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(30_000)
    .describe('How long a resolved credential is kept in memory, in milliseconds.'),
  ...guardEnv,
});
export type Env = z.output<typeof Env>;
