import { commonEnv, databaseEnv, listenEnv } from '@patchbay/service-kit/config/env';
import { z } from 'zod';

const count = () => z.coerce.number().int().min(1);

export const Env = z.object({
  ...commonEnv,
  ...databaseEnv,
  ...listenEnv('observability', 7078),
  OBSERVABILITY_RETENTION_DAYS: count().default(7).describe('Days for which spans are kept.'),
  OBSERVABILITY_BUFFERED_SPANS: count()
    .default(50_000)
    .describe('Spans that may wait to be stored, about 2 KB each; beyond that exporters are told to come back later.'),
  OBSERVABILITY_CONCURRENT_INSERTS: count()
    .default(2)
    .describe('Batches stored at the same time; must stay below DATABASE_POOL_SIZE.'),
});
export type Env = z.output<typeof Env>;
