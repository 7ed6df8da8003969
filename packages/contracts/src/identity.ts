import { z } from 'zod';

/**
 * An id is its prefix and a time-sortable part, `[a-z0-9_]` only, so that it fits a subject token, a URL and a file name.
 * The time part is a UUIDv7 in hex: equal prefixes sort by creation time.
 */
export const ID_PREFIXES = {
  organization: 'org',
  edge: 'edge',
  connection: 'conn',
  apiKey: 'key',
  person: 'per',
  signIn: 'sin',
  authorization: 'oau',
  audit: 'aud',
  tool: 'tool',
  agent: 'agt',
  agentVersion: 'ver',
  function: 'fn',
  session: 'ses',
  invocation: 'inv',
  intent: 'int',
  consent: 'cns',
  runner: 'run',
  claim: 'clm',
  webhook: 'wh',
  delivery: 'dlv',
  event: 'evt',
} as const;
export type IdNoun = keyof typeof ID_PREFIXES;

export function idOf(noun: IdNoun) {
  const prefix = ID_PREFIXES[noun];
  return z.string().regex(new RegExp(`^${prefix}_[a-z0-9]{1,64}$`), `is not an id of the form ${prefix}_...`);
}

/** Every message of one organization carries it; the gateway fills it from the API key, the edge's subject elsewhere. */
export const OrganizationScope = z.object({ organizationId: idOf('organization') });

/** ISO 8601, UTC. */
export const Timestamp = z.iso.datetime();

/** What an HTTP body or a form calls a thing: shown to people, unique where the table says so. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'has control characters');

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** The id of the last item of the page before; items come newest first. */
  before: z.string().max(100).optional(),
});
