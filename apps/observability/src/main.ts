import { runService } from '@patchbay/service-kit/bootstrap/start-service';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { Env } from './env.ts';
import { define } from './service.ts';

await runService(() => define(loadEnv('observability', Env)));
