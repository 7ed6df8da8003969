import { z } from 'zod';
import { Actor } from './actor.ts';
import { event, rpc } from './define.ts';
import { idOf, OrganizationScope, PageQuery, Timestamp } from './identity.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex');

/** Something that somebody changed or used. `before` and `after` are SHA-256 over the canonical JSON (RFC 8785) of the thing, never its values. */
export const Change = z.object({
  /** `<noun>.<past tense>`: `connection.rotated`. */
  action: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  object: z.object({ kind: z.string().max(50), id: z.string().max(200), name: z.string().max(200).optional() }),
  actor: Actor,
  before: Hash.nullable().default(null),
  after: Hash.nullable().default(null),
  /** Names of the fields that differ, never their values. */
  changed: z.array(z.string().max(200)).max(200).default([]),
  invocationId: z.string().max(100).optional(),
  traceId: z.string().max(32).optional(),
});
export type Change = z.infer<typeof Change>;

/** A change as the log keeps it. `hash` = SHA-256 over the canonical JSON of the rest of the entry, `previous` the hash of the entry before it in the organization. */
export const AuditEntry = Change.extend({
  auditId: idOf('audit'),
  sequence: z.int().min(1),
  at: Timestamp,
  previous: z.string(),
  hash: Hash,
}).meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const audit = {
  listAudit: rpc('credentials.v1.list_audit', {
    summary: 'List what was changed and used in the organization, newest first.',
    input: OrganizationScope.extend({
      ...PageQuery.shape,
      /** Only this action, or all of a noun: `connection.rotated`, `connection`. */
      action: z.string().max(100).optional(),
      objectId: z.string().max(200).optional(),
    }),
    output: z.object({ entries: z.array(AuditEntry) }),
  }),
  verifyAudit: rpc('credentials.v1.verify_audit', {
    summary: 'Count the entries of the log and say whether each is what it was when it was written.',
    input: OrganizationScope,
    output: z.object({
      entries: z.int(),
      intact: z.boolean(),
      /** The sequence of the first entry that was changed, or is missing. */
      brokenAt: z.int().nullable(),
      /** Hash of the newest entry; whoever keeps it elsewhere can tell when the end of the log is cut off. */
      head: z.string(),
    }),
  }),
};

const changeMade = (service: string) =>
  event(`${service}.v1.change.recorded`, { summary: 'Somebody changed something of an organization.', payload: Change });

/** Each service tells of its own changes; credentials keeps the log. */
export const changes = {
  catalog: { changeRecorded: changeMade('catalog') },
  agents: { changeRecorded: changeMade('agents') },
  workflows: { changeRecorded: changeMade('workflows') },
};
