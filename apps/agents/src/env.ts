import { commonEnv, databaseEnv, listenEnv } from '@patchbay/service-kit/config/env';
import { z } from 'zod';

export const Env = z.object({ ...commonEnv, ...databaseEnv, ...listenEnv('agents', 7074) });
export type Env = z.output<typeof Env>;
