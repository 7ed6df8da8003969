import { rolesOf } from './postgres-databases.ts';

/** One process of the platform. */
export interface ServiceSpec {
  name: string;
  /** The built program, from the root of the repository. */
  entry: string;
  /** Has a PostgreSQL database and role of its own, and a NATS login. */
  database: boolean;
  nats: boolean;
  /** Who comes first when the platform stops: who takes calls in, before who serves them, before who records them. */
  stopRank: number;
}

export const SERVICES: ServiceSpec[] = [
  backend('credentials', 3),
  backend('catalog', 3),
  backend('agents', 3),
  backend('calls', 1),
  backend('runner', 2),
  backend('workflows', 2),
  // Last, because every other service sends its last spans there while it stops.
  backend('observability', 4),
  { name: 'gateway', entry: 'apps/gateway/dist/main.js', database: false, nats: true, stopRank: 0 },
  { name: 'console', entry: 'apps/console/dist-server/server.js', database: false, nats: false, stopRank: 0 },
];

/** What the environment of a service is made from. */
export interface ServiceContext {
  ports: Record<string, number>;
  natsUrl: string;
  /** What edges and other programs outside are told. */
  publicNatsUrl: string;
  /** Path of the service's creds file; undefined where an external server has no logins. */
  creds(service: string): string | undefined;
  databaseUrls(service: string): { work: string; migration?: string };
  keyringFile: string;
  firstApiKey: string;
  /** Signs edges' logins; the account's public key is needed when the seed is of a signing key. */
  natsAccountSeed: string;
  natsAccount?: string;
  /** Signs changes of our account for the operator, and the system account's login to send them with; without both, the server learns of no revocation. */
  natsOperatorSeed?: string;
  natsSystemCreds?: string;
  /** Of whoever started the platform; only the variables named below are passed on. */
  env: NodeJS.ProcessEnv;
}

/** The roles of the services' databases that have a password. */
export function databaseRoles(services: ServiceSpec[]): string[] {
  return services.filter(({ database }) => database).flatMap(({ name }) => rolesOf(name));
}

const HOST = '127.0.0.1';
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'LOG_LEVEL', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
const CALLS_PROVIDERS = ['runner', 'workflows', 'credentials'];

export function serviceEnvironment(
  { name, database, nats }: ServiceSpec,
  context: ServiceContext,
): Record<string, string> {
  const prefix = name.toUpperCase();
  return definedOnly({
    ...passedOn(context.env, prefix),
    [`${prefix}_PORT`]: String(context.ports[name]),
    [`${prefix}_HOST`]: HOST,
    OBSERVABILITY_OTLP_URL: otlpUrl(context.ports),
    DATABASE_URL: database ? context.databaseUrls(name).work : undefined,
    DATABASE_MIGRATION_URL: database ? context.databaseUrls(name).migration : undefined,
    NATS_URL: nats ? context.natsUrl : undefined,
    NATS_CREDS: nats ? context.creds(name) : undefined,
    ...(CALLS_PROVIDERS.includes(name) ? egressVariables(context.env) : {}),
    ...ownVariables(name, context),
  });
}

export function httpUrl(port: number | undefined): string {
  return `http://${HOST}:${port}`;
}

export function otlpUrl(ports: Record<string, number>): string {
  return `${httpUrl(ports.observability)}/v1/traces`;
}

function ownVariables(name: string, context: ServiceContext): Record<string, string | undefined> {
  if (name === 'gateway') {
    return { GATEWAY_CONSOLE_URL: httpUrl(context.ports.console), GATEWAY_PUBLIC_URL: publicUrl(context) };
  }
  if (name !== 'credentials') return {};
  return {
    CREDENTIALS_KEYRING_FILE: context.keyringFile,
    CREDENTIALS_FIRST_API_KEY: context.firstApiKey,
    CREDENTIALS_NATS_ACCOUNT_SEED: context.natsAccountSeed,
    CREDENTIALS_NATS_ACCOUNT: context.natsAccount,
    CREDENTIALS_NATS_OPERATOR_SEED: context.natsOperatorSeed,
    CREDENTIALS_NATS_SYSTEM_CREDS: context.natsSystemCreds,
    CREDENTIALS_PUBLIC_NATS_URL: context.publicNatsUrl,
    CREDENTIALS_PUBLIC_URL: publicUrl(context),
  };
}

/** Where browsers reach the gateway: providers and the identity provider send them back there. */
function publicUrl({ env, ports }: ServiceContext): string {
  return env.GATEWAY_PUBLIC_URL ?? httpUrl(ports.gateway);
}

/** A developer's providers live on loopback, without TLS; only the embedded stack lets requests go there. */
function egressVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return {
    EGRESS_ALLOW_NETWORKS: env.EGRESS_ALLOW_NETWORKS ?? '127.0.0.0/8,::1/128',
    EGRESS_ALLOW_HTTP: env.EGRESS_ALLOW_HTTP ?? 'true',
  };
}

/** What every process may have, and the service's own settings, such as `RUNNER_CREDENTIAL_CACHE_MS` for the runner. */
function passedOn(env: NodeJS.ProcessEnv, prefix: string): Record<string, string | undefined> {
  const names = Object.keys(env).filter(
    (name) => PASSED_ON.includes(name) || name.startsWith('NODE_') || name.startsWith(`${prefix}_`),
  );
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}

function definedOnly(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

function backend(name: string, stopRank: number): ServiceSpec {
  return { name, entry: `apps/${name}/dist/main.js`, database: true, nats: true, stopRank };
}
