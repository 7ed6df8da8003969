import { z } from 'zod';
import { event, rpc } from './define.ts';
import { idOf, Name, OrganizationScope, Timestamp } from './identity.ts';
import { Permission, PERMISSIONS, Role } from './permissions.ts';
import { Sealed, SealingPublicKey } from './sealing.ts';

export const Organization = z
  .object({ organizationId: idOf('organization'), name: Name, createdAt: Timestamp })
  .meta({ id: 'Organization' });

/** `operator` may also create organizations; `member` acts inside its own. */
export const ApiKeyRole = z.enum(['operator', 'member']);

/** Whom a request speaks for, and what it may do in the one organization it acts in. */
export const ApiCaller = z.object({
  organizationId: idOf('organization'),
  /** Empty for a person. */
  apiKeyId: z.string(),
  role: ApiKeyRole,
  personId: idOf('person').nullable().default(null),
  /** What is shown of who it is: the key's name, or the person's e-mail. */
  name: z.string().default(''),
  permissions: z.array(Permission).default([]),
});
export type ApiCaller = z.infer<typeof ApiCaller>;

/** An API key as it is listed; of its secret only a SHA-256 is kept. At most two of one name are active: the second is made to replace the first. */
export const ApiKey = z
  .object({
    apiKeyId: idOf('apiKey'),
    name: Name,
    permissions: z.array(Permission),
    createdAt: Timestamp,
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
    /** The key that this one was made to replace. */
    replaces: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** `pbk_<id>_<secret>`; the id is that of `key_<id>` and no secret. */
export const API_KEY_FORM = /^pbk_([a-z0-9]{16})_[A-Za-z0-9]{32,128}$/;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex');

/** What is told of an API key that somebody shows: which it is, and the SHA-256 of all of it. The key itself stays where it was shown. */
export const ApiKeyProof = z.object({ apiKeyId: idOf('apiKey'), sha256: Sha256 });
export type ApiKeyProof = z.infer<typeof ApiKeyProof>;

/** For answers that show a secret once: it is sealed for this key, as a JSON string. Absent, it is sent as it is, for a gateway of the release before. */
const SealTo = SealingPublicKey.optional();

const ApiKeyShownOnce = ApiKey.extend({ apiKey: z.string() });

/** Somebody who may sign in; known by issuer and subject from the first sign-in on, by a verified e-mail until then. */
export const Person = z
  .object({
    personId: idOf('person'),
    email: z.email().max(254),
    name: z.string().max(200).nullable(),
    role: Role,
    /** Null until the first sign-in. */
    lastSignInAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof Person>;

export const Edge = z
  .object({
    edgeId: idOf('edge'),
    name: Name,
    createdAt: Timestamp,
    /** When its newest credentials end; null: never. */
    expiresAt: Timestamp.nullable().default(null),
    revokedAt: Timestamp.nullable().default(null),
  })
  .meta({ id: 'Edge' });
export type Edge = z.infer<typeof Edge>;

export const EdgeCredentials = Edge.extend({
  natsUrl: z.string(),
  /** A NATS credentials file, shown once; sealed when there was a key to seal it for. */
  credentials: z.string(),
  permissions: z.object({ publish: z.array(z.string()), subscribe: z.array(z.string()) }),
}).meta({ id: 'EdgeCredentials' });

const ExpiresAfterDays = z.int().min(1).max(3650);
/** How long the old one still works beside the new one: 0 ends it at once. */
const OverlapHours = z.int().min(0).max(24 * 30).default(24);

/** What a provider sent a browser back with. */
export const CallbackQuery = z.record(z.string().max(100), z.string().max(8192));

/** A session's cookie binds a sign-in to the browser that began it. */
const BrowserBinding = z.string().min(20).max(200);

export const access = {
  createOrganization: rpc('credentials.v1.create_organization', {
    summary: 'Create an organization and its first API key, which is shown once.',
    input: z.object({ name: Name, sealTo: SealTo }),
    output: Organization.extend({ apiKey: z.string() }),
    errors: ['conflict'],
  }),
  identify: rpc('credentials.v1.identify', {
    summary: 'Return whom an API key, a session token or a signed token of the identity provider speaks for.',
    input: z
      .object({
        apiKeyProof: ApiKeyProof.optional(),
        /** Of a session token, `pbs_...`. */
        sessionSha256: Sha256.optional(),
        /** A JWT of the issuer for our audience, as a JSON string, sealed for the key of `prepare_secret`. */
        sealedToken: Sealed.optional(),
        /** An API key as it is: only a gateway of the release before sends it. */
        apiKey: z.string().max(200).optional(),
        /** A session token or a JWT as it is: only a gateway of the release before sends it. */
        token: z.string().max(8192).optional(),
        /** Which one, for a person of several; the first they joined unless told. */
        organizationId: z.string().max(100).optional(),
      })
      .refine(
        ({ apiKeyProof, sessionSha256, sealedToken, apiKey, token }) =>
          [apiKeyProof, sessionSha256, sealedToken, apiKey, token].filter((shown) => shown !== undefined).length === 1,
        { path: ['apiKeyProof'], message: 'or another proof must be given, and only one' },
      ),
    output: ApiCaller,
    errors: ['unauthenticated', 'forbidden'],
  }),
  createApiKey: rpc('credentials.v1.create_api_key', {
    summary: 'Create an API key, which is shown once.',
    input: OrganizationScope.extend({
      name: Name,
      permissions: z.array(Permission).min(1).max(PERMISSIONS.length),
      expiresAfterDays: ExpiresAfterDays.optional(),
      sealTo: SealTo,
    }),
    /** `apiKey` is sealed when there was a key to seal it for. */
    output: ApiKeyShownOnce,
    errors: ['not_found', 'conflict', 'forbidden'],
  }),
  listApiKeys: rpc('credentials.v1.list_api_keys', {
    summary: 'List the API keys of the organization, never their secrets.',
    input: OrganizationScope,
    output: z.object({ apiKeys: z.array(ApiKey) }),
  }),
  rotateApiKey: rpc('credentials.v1.rotate_api_key', {
    summary: 'Make the key that replaces an API key, shown once; the old one works until the overlap ends.',
    input: OrganizationScope.extend({ apiKeyId: idOf('apiKey'), overlapHours: OverlapHours, expiresAfterDays: ExpiresAfterDays.optional(), sealTo: SealTo }),
    output: ApiKeyShownOnce,
    errors: ['not_found', 'forbidden', 'failed_precondition'],
  }),
  revokeApiKey: rpc('credentials.v1.revoke_api_key', {
    summary: 'End an API key at once.',
    input: OrganizationScope.extend({ apiKeyId: idOf('apiKey') }),
    output: ApiKey,
    errors: ['not_found', 'failed_precondition'],
  }),
  invitePerson: rpc('credentials.v1.invite_person', {
    summary: 'Let the owner of an e-mail address sign in to the organization with a role.',
    input: OrganizationScope.extend({ email: z.email().max(254), role: Role }),
    output: Person,
    errors: ['not_found', 'conflict', 'forbidden'],
  }),
  listPeople: rpc('credentials.v1.list_people', {
    summary: 'List the people of the organization.',
    input: OrganizationScope,
    output: z.object({ people: z.array(Person) }),
  }),
  changeRole: rpc('credentials.v1.change_role', {
    summary: 'Give a person another role; the last owner stays one.',
    input: OrganizationScope.extend({ personId: idOf('person'), role: Role }),
    output: Person,
    errors: ['not_found', 'forbidden', 'failed_precondition'],
  }),
  removePerson: rpc('credentials.v1.remove_person', {
    summary: 'Take a person out of the organization and end their sessions; the last owner stays.',
    input: OrganizationScope.extend({ personId: idOf('person') }),
    output: Person,
    errors: ['not_found', 'forbidden', 'failed_precondition'],
  }),
  startSignIn: rpc('credentials.v1.start_sign_in', {
    summary: 'Begin a sign-in at the identity provider and say where to send the browser.',
    input: z.object({ browserBinding: BrowserBinding, returnTo: z.string().max(500).regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'is not a path of ours').default('/') }),
    output: z.object({ url: z.string(), expiresAt: Timestamp }),
    errors: ['failed_precondition'],
  }),
  completeSignIn: rpc('credentials.v1.complete_sign_in', {
    summary: 'Finish a sign-in with what the identity provider sent back, and return the session.',
    input: z.object({
      browserBinding: BrowserBinding,
      /** The query of the call-back as it came; empty when it is sealed, and with its code only a gateway of the release before sends it. */
      query: CallbackQuery,
      /** The same, sealed for the key of `prepare_secret`. */
      sealed: Sealed.optional(),
      sealTo: SealTo,
    }),
    /** `token` is sealed when there was a key to seal it for. */
    output: z.object({ token: z.string(), expiresAt: Timestamp, returnTo: z.string(), personId: idOf('person'), email: z.string() }),
    errors: ['unauthenticated', 'forbidden', 'failed_precondition'],
  }),
  endSignIn: rpc('credentials.v1.end_sign_in', {
    summary: 'End a session; its token is worth nothing from then on.',
    input: z
      .object({
        sessionSha256: Sha256.optional(),
        /** The token as it is: only a gateway of the release before sends it. */
        token: z.string().max(200).optional(),
      })
      .refine(({ sessionSha256, token }) => (sessionSha256 === undefined) !== (token === undefined), { path: ['sessionSha256'], message: 'must be given' }),
    output: z.object({}),
  }),
  createEdge: rpc('credentials.v1.create_edge', {
    summary: 'Create an edge and mint its NATS credentials, which are shown once.',
    input: OrganizationScope.extend({ name: Name, expiresAfterDays: ExpiresAfterDays.optional(), sealTo: SealTo }),
    output: EdgeCredentials,
    errors: ['not_found', 'conflict'],
  }),
  getEdge: rpc('credentials.v1.get_edge', {
    summary: 'Return an edge of the organization.',
    input: OrganizationScope.extend({ edgeId: idOf('edge') }),
    output: Edge,
    errors: ['not_found'],
  }),
  listEdges: rpc('credentials.v1.list_edges', {
    summary: 'List the edges of the organization.',
    input: OrganizationScope,
    output: z.object({ edges: z.array(Edge) }),
  }),
  renewEdge: rpc('credentials.v1.renew_edge', {
    summary: 'Mint new NATS credentials for an edge, shown once; the old ones work until the overlap ends.',
    input: OrganizationScope.extend({ edgeId: idOf('edge'), overlapHours: OverlapHours, expiresAfterDays: ExpiresAfterDays.optional(), sealTo: SealTo }),
    output: EdgeCredentials,
    errors: ['not_found', 'failed_precondition'],
  }),
  revokeEdge: rpc('credentials.v1.revoke_edge', {
    summary: 'End all credentials of an edge at once and cut its connections.',
    input: OrganizationScope.extend({ edgeId: idOf('edge') }),
    output: Edge,
    errors: ['not_found'],
  }),
};

/** Who may act changed: a key, a person or an edge has ended or can do other things, and whoever remembers it must ask anew. */
export const AccessChange = z.object({ object: z.object({ kind: z.enum(['api_key', 'person', 'edge']), id: z.string().max(100) }) });
export type AccessChange = z.infer<typeof AccessChange>;

export const accessEvents = {
  accessChanged: event('credentials.v1.access.changed', { summary: 'Whoever acts as this key, person or edge may do less than before, or nothing.', payload: AccessChange }),
};
