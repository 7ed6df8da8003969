import { z } from 'zod';
import { ConnectionCheck, ConnectionKind, ConnectionSettings } from './connection-kinds.ts';
import { idOf, Name, Timestamp } from './identity.ts';
import { SealedText } from './sealing.ts';

export const Environment = z.enum(['live', 'sandbox']);
/** What we did with it. A deleted connection can be undeleted for 24 hours, then its secrets are destroyed. */
export const Lifecycle = z.enum(['draft', 'active', 'disabled', 'deleted']);
export type Lifecycle = z.infer<typeof Lifecycle>;
/** Whether it works. */
export const Health = z.enum([
  'unverified',
  'healthy',
  'expiring',
  'degraded',
  'scope_insufficient',
  'refresh_failing',
  'reconnect_required',
  'revoked',
]);
export type Health = z.infer<typeof Health>;
/** One word for a list, a view on lifecycle and health. */
export const ConnectionStatus = z.enum(['connected', 'pending', 'error', 'disconnected']);
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;
/** Who can mend it. */
export const Fault = z.enum(['organization', 'provider', 'platform']);

/** `current` is used; `next` waits to be switched to; `previous` stands in when the provider refuses the current one, until `until`. */
export const SecretSlot = z.object({
  slot: z.enum(['current', 'next', 'previous']),
  version: z.int().min(1),
  hint: z.string().max(4),
  since: Timestamp,
  until: Timestamp.nullable(),
});
export type SecretSlot = z.infer<typeof SecretSlot>;

/** An organization's account at a provider. Of its secrets nothing is shown but the last four characters of a long one. */
export const Connection = z
  .object({
    connectionId: idOf('connection'),
    name: Name,
    provider: z.string(),
    kind: ConnectionKind,
    /** At most the four last characters of the current secret. */
    hint: z.string().max(4),
    /** The same as `environment: sandbox`. */
    sandbox: z.boolean().default(false),
    /** Version of the current secret. */
    version: z.int(),
    createdAt: Timestamp,
    environment: Environment.default('live'),
    /** The one a function of this provider uses when it names none. */
    isDefault: z.boolean().default(false),
    settings: ConnectionSettings.default({}),
    check: ConnectionCheck.nullable().default(null),
    /** Where its secret may be sent, as in `Origins`; empty: it is not bound to any address. */
    origins: z.array(z.string()).default([]),
    lifecycle: Lifecycle.default('active'),
    health: Health.default('unverified'),
    status: ConnectionStatus.default('connected'),
    /** Why it is not healthy, and who can mend it. */
    reason: z.object({ text: z.string(), fault: Fault }).nullable().default(null),
    /** Null: the provider never said. */
    grantedScopes: z.array(z.string()).nullable().default(null),
    lastCheckedAt: Timestamp.nullable().default(null),
    lastUsedAt: Timestamp.nullable().default(null),
    lastRefreshedAt: Timestamp.nullable().default(null),
    nextRefreshAt: Timestamp.nullable().default(null),
    /** Of the access token; null when the provider did not say, which is not "never". */
    expiresAt: Timestamp.nullable().default(null),
    slots: z.array(SecretSlot).default([]),
    /** Until when a deleted one can be undeleted. */
    undeleteUntil: Timestamp.nullable().default(null),
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;

/** What a connection is like now, as it travels over NATS KV to the runner. Key: `<organization>.<connection>`. */
export const ConnectionState = z.object({
  organizationId: z.string(),
  connectionId: z.string(),
  provider: z.string(),
  version: z.int(),
  lifecycle: Lifecycle,
  health: Health,
  environment: Environment,
  isDefault: z.boolean(),
  grantedScopes: z.array(z.string()).nullable(),
  /** A sentence for people, without anything secret. */
  reason: z.string().nullable(),
  origins: z.array(z.string()).default([]),
});
export type ConnectionState = z.infer<typeof ConnectionState>;
export const CONNECTION_BUCKET = 'connections';

/** What a request to the provider needs, and nothing more: never a refresh token, never a client secret. */
export const ResolvedConnection = z.object({
  connectionId: z.string(),
  version: z.int(),
  headers: z.record(z.string(), z.string()),
  /** `headers`, `signingSecrets` and `fallback` as JSON for the key of the question, which are empty then. */
  sealed: SealedText.nullable().default(null),
  /** Marked as a provider's sandbox: writes may leave from the test channel. */
  sandbox: z.boolean().default(false),
  /** The only origins that a request may carry it to (`maySendTo`); empty: any. */
  origins: z.array(z.string()).default([]),
  /** Standard Webhooks secrets to sign with, the current one first. */
  signingSecrets: z.array(z.string()),
  /** Used once when the provider answers 401 to the current one while a rotation is young. */
  fallback: z.object({ version: z.int(), headers: z.record(z.string(), z.string()) }).nullable().default(null),
  /** Milliseconds for which it may be kept; at most 60,000. */
  cacheMs: z.int().min(0).max(60_000).default(60_000),
});
export type ResolvedConnection = z.infer<typeof ResolvedConnection>;

/** What of a resolved connection is secret, as it is sealed. */
export const ResolvedSecrets = ResolvedConnection.pick({ headers: true, signingSecrets: true, fallback: true });

/** The answer of `resolve_signing_secrets` as it is sealed. */
export const SigningSecrets = ResolvedConnection.pick({ signingSecrets: true });
