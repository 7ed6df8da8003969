import { z } from 'zod';

/** Who caused a message: plumbing, so it travels in the header `patchbay-actor` (JSON), set by the gateway and passed on. */
export const Actor = z.object({
  kind: z.enum(['person', 'api_key', 'edge', 'service']),
  id: z.string().max(100),
  /** Where the request came from: the address of the client as the gateway saw it. */
  from: z.string().max(100).optional(),
});
export type Actor = z.infer<typeof Actor>;

export const ACTOR_HEADER = 'patchbay-actor';
