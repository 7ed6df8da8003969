import { z } from 'zod';
import { CallbackQuery } from './access.ts';
import { ConnectionCheck, ConnectionKind, ConnectionSecret, ConnectionSettings } from './connection-kinds.ts';
import { Origins } from './connection-origins.ts';
import { Connection, Environment, ResolvedConnection } from './connections.ts';
import { rpc } from './define.ts';
import { idOf, Name, OrganizationScope, Timestamp } from './identity.ts';
import { Sealed, SealedText, SealingPublicKey } from './sealing.ts';

const ProviderKey = z.string().regex(/^[a-z0-9_-]{1,50}$/, 'is not a provider key like calcom');

/**
 * Marks the browser that begins: a link that somebody sends to another person must not connect that person's account to the sender's
 * organization. Whoever comes back with another mark must be signed in to the organization.
 */
const BrowserBinding = z.string().min(20).max(200);

const ConnectionRef = OrganizationScope.extend({ connectionId: idOf('connection') });
/** Kept although the provider could not confirm it, or there is nothing to confirm it with; recorded in the audit log. */
const AcceptUnverified = z.boolean().default(false);

export const connections = {
  prepareSecret: rpc('credentials.v1.prepare_secret', {
    summary: 'Return a key for which a secret can be sealed, and the ticket to send along; both are good for a minute.',
    input: z.object({}),
    output: z.object({ ticket: z.string(), publicKey: SealingPublicKey }),
  }),
  createConnection: rpc('credentials.v1.create_connection', {
    summary: 'Store a connection with its secret, which can never be read back, after trying it out.',
    input: OrganizationScope.extend({
      name: Name,
      provider: ProviderKey.default('http'),
      kind: ConnectionKind,
      environment: Environment.optional(),
      sandbox: z.boolean().default(false),
      isDefault: z.boolean().default(false),
      settings: ConnectionSettings.default({}),
      check: ConnectionCheck.optional(),
      /** When left out: that of its check and of its MCP server; empty: the secret may be sent anywhere. */
      origins: Origins.optional(),
      acceptUnverified: AcceptUnverified,
      ...ConnectionSecret.shape,
      /** `{ secret?, headers? }` */
      sealed: Sealed.optional(),
    }),
    output: Connection,
    errors: ['conflict', 'failed_precondition'],
  }),
  createSigningSecret: rpc('credentials.v1.create_signing_secret', {
    summary: 'Generate a Standard Webhooks signing secret, which is shown once.',
    input: OrganizationScope.extend({ name: Name, origins: Origins.optional(), sealTo: SealingPublicKey.optional() }),
    /** `secret` is sealed when there was a key to seal it for. */
    output: z.object({ connection: Connection, secret: z.string() }),
    errors: ['conflict'],
  }),
  getConnection: rpc('credentials.v1.get_connection', {
    summary: 'Return a connection, never its secret.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found'],
  }),
  listConnections: rpc('credentials.v1.list_connections', {
    summary: 'List the connections of the organization, never their secrets.',
    input: OrganizationScope.extend({ provider: ProviderKey.optional(), deleted: z.stringbool().or(z.boolean()).default(false) }),
    output: z.object({ connections: z.array(Connection) }),
  }),
  updateConnection: rpc('credentials.v1.update_connection', {
    summary: 'Change what of a connection is not secret; where its secret may be sent can only be narrowed.',
    input: ConnectionRef.extend({
      name: Name.optional(),
      isDefault: z.literal(true).optional(),
      check: ConnectionCheck.nullable().optional(),
      origins: Origins.optional(),
      scopes: z.array(z.string().max(200)).max(100).optional(),
    }),
    output: Connection,
    errors: ['not_found', 'conflict', 'failed_precondition'],
  }),
  enableConnection: rpc('credentials.v1.enable_connection', {
    summary: 'Let a disabled connection be used again.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'failed_precondition'],
  }),
  disableConnection: rpc('credentials.v1.disable_connection', {
    summary: 'Stop every use of a connection until it is enabled again.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'failed_precondition'],
  }),
  deleteConnection: rpc('credentials.v1.delete_connection', {
    summary: 'Delete a connection; it can be undeleted for 24 hours, then its secrets are destroyed.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'failed_precondition'],
  }),
  undeleteConnection: rpc('credentials.v1.undelete_connection', {
    summary: 'Bring a deleted connection back, disabled as it was or active.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'conflict', 'failed_precondition'],
  }),
  checkConnection: rpc('credentials.v1.check_connection', {
    summary: 'Try a connection out now and return it with its health.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'failed_precondition'],
  }),
  rotateSecret: rpc('credentials.v1.rotate_secret', {
    summary: 'Try the next secret out, switch to it, and keep the previous one for the grace time.',
    input: ConnectionRef.extend({
      ...ConnectionSecret.shape,
      /** `{ secret?, headers? }` */
      sealed: Sealed.optional(),
      sealTo: SealingPublicKey.optional(),
      /** Where the next secret may be sent, and what it is tried out with; as they are when left out. The previous secret is not kept when this leads further. */
      origins: Origins.optional(),
      check: ConnectionCheck.nullable().optional(),
      graceHours: z.number().min(0).max(24 * 30).default(24),
      acceptUnverified: AcceptUnverified,
    }),
    /** `secret` is shown once, and only for a signing secret that was made here; sealed when there was a key to seal it for. */
    output: z.object({ connection: Connection, secret: z.string().nullable() }),
    errors: ['not_found', 'conflict', 'failed_precondition'],
  }),
  revertRotation: rpc('credentials.v1.revert_rotation', {
    summary: 'Switch back to the previous secret while it is kept.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'failed_precondition'],
  }),
  finishRotation: rpc('credentials.v1.finish_rotation', {
    summary: 'Destroy the previous secret before its grace time ends.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'failed_precondition'],
  }),
  startAuthorization: rpc('credentials.v1.start_authorization', {
    summary: 'Begin to connect an account by OAuth and say where to send the browser.',
    input: ConnectionRef.extend({
      returnTo: z.string().max(500).regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'is not a path of ours').default('/'),
      browserBinding: BrowserBinding.optional(),
    }),
    output: z.object({ url: z.string(), expiresAt: Timestamp }),
    errors: ['not_found', 'failed_precondition'],
  }),
  completeAuthorization: rpc('credentials.v1.complete_authorization', {
    summary: 'Finish connecting an account with what the provider sent back.',
    input: z.object({
      /** The query of the call-back as it came; empty when it is sealed, and with its code only a gateway of the release before sends it. */
      query: CallbackQuery,
      /** The same, sealed for the key of `prepare_secret`. */
      sealed: Sealed.optional(),
      browserBinding: BrowserBinding.optional(),
      /** The organization that somebody is signed in to in the browser that came back. */
      signedInTo: z.string().max(100).optional(),
    }),
    output: z.object({ connection: Connection, returnTo: z.string() }),
    errors: ['unauthenticated', 'not_found', 'failed_precondition'],
  }),
  refreshConnection: rpc('credentials.v1.refresh_connection', {
    summary: 'Get a new access token now, whatever the old one is worth.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'failed_precondition'],
  }),
  revokeConnection: rpc('credentials.v1.revoke_connection', {
    summary: 'Take back what an account granted: the provider revokes the tokens, then they are destroyed here; until it is connected again nothing uses it.',
    input: ConnectionRef,
    output: Connection,
    errors: ['not_found', 'conflict', 'failed_precondition'],
  }),
  resolveConnection: rpc('credentials.v1.resolve_connection', {
    summary: 'Return what one request to the provider must carry.',
    input: OrganizationScope.extend({
      connectionId: z.string(),
      sealTo: SealingPublicKey.optional(),
      /** For the audit log: the invocation that needs it first. */
      invocationId: z.string().max(100).optional(),
    }),
    output: ResolvedConnection,
    errors: ['not_found', 'failed_precondition'],
  }),
  resolveSigningSecrets: rpc('credentials.v1.resolve_signing_secrets', {
    summary: 'Return the secrets to sign a webhook with, the current one first.',
    input: OrganizationScope.extend({ connectionId: z.string(), sealTo: SealingPublicKey.optional() }),
    output: z.object({ signingSecrets: z.array(z.string()), sealed: SealedText.nullable().default(null) }),
    errors: ['not_found', 'failed_precondition'],
  }),
  reportUse: rpc('credentials.v1.report_use', {
    summary: 'Tell what a provider made of a connection in real traffic.',
    input: OrganizationScope.extend({
      connectionId: z.string(),
      version: z.int(),
      /** `refused`: an authentication failure; `lacks_scope`: known, but not allowed to do this; `worked`: after something else. */
      use: z.enum(['worked', 'refused', 'lacks_scope']),
      /** The previous secret worked where the current one was refused. */
      byFallback: z.boolean().default(false),
      status: z.int().optional(),
      invocationId: z.string().max(100).optional(),
    }),
    output: z.object({}),
    errors: ['not_found'],
  }),
  ensureChecked: rpc('credentials.v1.ensure_checked', {
    summary: 'Check the connections that were not checked lately, before a call needs them.',
    input: OrganizationScope.extend({ connectionIds: z.array(z.string()).max(100) }),
    output: z.object({}),
  }),
};

