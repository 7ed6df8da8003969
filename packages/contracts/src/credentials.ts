import { z } from 'zod';
import { rpc } from './define.ts';
import { idOf, Name, OrganizationScope, Timestamp } from './identity.ts';

export const Organization = z
  .object({ organizationId: idOf('organization'), name: Name, createdAt: Timestamp })
  .meta({ id: 'Organization' });

/** `operator` may also create organizations; `member` acts inside its own. */
export const ApiKeyRole = z.enum(['operator', 'member']);

export const ApiCaller = z.object({
  organizationId: idOf('organization'),
  apiKeyId: z.string(),
  role: ApiKeyRole,
});
export type ApiCaller = z.infer<typeof ApiCaller>;

export const Edge = z.object({ edgeId: idOf('edge'), name: Name, createdAt: Timestamp }).meta({ id: 'Edge' });
export type Edge = z.infer<typeof Edge>;

export const EdgeCredentials = Edge.extend({
  natsUrl: z.string(),
  /** A NATS credentials file, shown once. */
  credentials: z.string(),
  permissions: z.object({ publish: z.array(z.string()), subscribe: z.array(z.string()) }),
}).meta({ id: 'EdgeCredentials' });

/** A token or key as a provider hands it out. New lines are refused: they would end a header. */
const SecretValue = z.string().min(1).max(8192).regex(/^[\x20-\x7e]+$/, 'has characters that cannot stand in a header');

export const ConnectionKind = z.enum(['bearer', 'signing_secret']);

export const Connection = z
  .object({
    connectionId: idOf('connection'),
    name: Name,
    provider: z.string(),
    kind: ConnectionKind,
    /** At most the four last characters of the secret. */
    hint: z.string().max(4),
    /** An account in which nothing is real: writes may leave for it from the test channel. */
    sandbox: z.boolean().default(false),
    version: z.int(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;

/** What a request to the provider needs, and nothing more. */
export const ResolvedConnection = z.object({
  connectionId: z.string(),
  version: z.int(),
  headers: z.record(z.string(), z.string()),
  /** Marked as a provider's sandbox: writes may leave from the test channel. */
  sandbox: z.boolean().default(false),
  /** Standard Webhooks secrets to sign with, the current one first. */
  signingSecrets: z.array(z.string()),
});
export type ResolvedConnection = z.infer<typeof ResolvedConnection>;

/** Organizations, who may act for them, and the connections whose secrets stay in here. */
export const credentials = {
  createOrganization: rpc('credentials.v1.create_organization', {
    summary: 'Create an organization and its first API key, which is shown once.',
    input: z.object({ name: Name }),
    output: Organization.extend({ apiKey: z.string() }),
    errors: ['conflict'],
  }),
  identify: rpc('credentials.v1.identify', {
    summary: 'Return whom an API key speaks for.',
    input: z.object({ apiKey: z.string().max(200) }),
    output: ApiCaller,
    errors: ['unauthenticated'],
  }),
  createEdge: rpc('credentials.v1.create_edge', {
    summary: 'Create an edge and mint its NATS credentials, which are shown once.',
    input: OrganizationScope.extend({ name: Name }),
    output: EdgeCredentials,
    errors: ['conflict'],
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
  createConnection: rpc('credentials.v1.create_connection', {
    summary: 'Store a connection with its secret, which can never be read back.',
    input: OrganizationScope.extend({
      name: Name,
      provider: z.string().regex(/^[a-z0-9_-]{1,50}$/, 'is not a provider key like calcom').default('http'),
      kind: z.literal('bearer'),
      sandbox: z.boolean().default(false),
      secret: SecretValue,
    }),
    output: Connection,
    errors: ['conflict'],
  }),
  createSigningSecret: rpc('credentials.v1.create_signing_secret', {
    summary: 'Generate a Standard Webhooks signing secret, which is shown once.',
    input: OrganizationScope.extend({ name: Name }),
    output: z.object({ connection: Connection, secret: z.string() }),
    errors: ['conflict'],
  }),
  getConnection: rpc('credentials.v1.get_connection', {
    summary: 'Return a connection, never its secret.',
    input: OrganizationScope.extend({ connectionId: idOf('connection') }),
    output: Connection,
    errors: ['not_found'],
  }),
  listConnections: rpc('credentials.v1.list_connections', {
    summary: 'List the connections of the organization, never their secrets.',
    input: OrganizationScope,
    output: z.object({ connections: z.array(Connection) }),
  }),
  resolveConnection: rpc('credentials.v1.resolve_connection', {
    summary: 'Return what one request to the provider must carry.',
    input: OrganizationScope.extend({ connectionId: z.string() }),
    output: ResolvedConnection,
    errors: ['not_found', 'failed_precondition'],
  }),
};
