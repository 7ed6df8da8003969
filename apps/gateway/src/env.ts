import { commonEnv, listenEnv } from '@patchbay/service-kit/config/env';
import { z } from 'zod';

export const Env = z.object({
  ...commonEnv,
  ...listenEnv('gateway', 7070),
  GATEWAY_CONSOLE_URL: z.url().optional().describe('Where the console runs; its pages are served at / when set.'),
  GATEWAY_BODY_BYTES: z.coerce.number().int().min(1024).default(1_048_576).describe('The largest request body, in bytes.'),
});
export type Env = z.output<typeof Env>;
