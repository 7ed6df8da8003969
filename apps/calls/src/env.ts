import { commonEnv, databaseEnv, listenEnv } from '@patchbay/service-kit/config/env';
import { z } from 'zod';

export const Env = z.object({ ...commonEnv, ...databaseEnv, ...listenEnv('calls', 7075) });
export type Env = z.output<typeof Env>;
