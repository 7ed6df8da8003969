import { commonEnv, list, listenEnv } from '@patchbay/service-kit/config/env';
import { z } from 'zod';

export const Env = z.object({
  ...commonEnv,
  ...listenEnv('gateway', 7070),
  GATEWAY_CONSOLE_URL: z.url().optional().describe('Where the console runs; its pages are served at / when set.'),
  GATEWAY_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where browsers reach the gateway; with https, its cookies go over https only.'),
  GATEWAY_BELIEVED_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(10_000)
    .describe('For how long a caller and an edge are believed after they were looked up; one revoked elsewhere works for this much longer where the news of it is lost.'),
  GATEWAY_TRUSTED_PROXIES: list()
    .default([])
    .describe('Addresses or networks of reverse proxies in front of us, separated by commas: the client is whom they name in X-Forwarded-For.'),
  GATEWAY_BODY_BYTES: z.coerce.number().int().min(1024).default(1_048_576).describe('The largest request body, in bytes.'),
});
export type Env = z.output<typeof Env>;
