import { z } from 'zod';
import { Secret } from './secret.ts';

/** Thrown with every fault of the environment at once, in words. */
export class EnvironmentError extends Error {
  constructor(service: string, faults: string[]) {
    super(`${service} cannot start, its environment is wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

export const secret = () => z.string().min(1).transform((value) => new Secret(value));
/** `true` or `false`, nothing else. */
export const flag = () => z.enum(['true', 'false']).transform((value) => value === 'true');
export const port = () => z.coerce.number().int().min(0).max(65_535);
export const list = () =>
  z.string().transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );

/** What every service reads. The names are bare; a service's own variables carry its name and their unit. */
export const commonEnv = {
  NATS_URL: z.string().default('nats://127.0.0.1:4222').describe('Where NATS listens; several URLs separated by commas.'),
  NATS_CREDS: z.string().optional().describe('Path of the NATS credentials file of this service.'),
  OBSERVABILITY_OTLP_URL: z.url().optional().describe('Where spans go: the observability service, OTLP/HTTP JSON.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe("The operator's own collector; spans go there as well."),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('What is logged.'),
};

export const databaseEnv = {
  DATABASE_URL: secret().describe('The PostgreSQL database of this service, as its own role.'),
  DATABASE_MIGRATION_URL: secret()
    .optional()
    .describe('The same database as the role that owns its tables and migrates them; DATABASE_URL when absent.'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).default(10).describe('Connections this process may hold.'),
};

/** Host and port of the service's HTTP side (health, readiness), named after the service: `CALLS_HOST`, `CALLS_PORT`. */
export function listenEnv<N extends string>(service: N, defaultPort: number) {
  const prefix = service.toUpperCase();
  return {
    [`${prefix}_HOST`]: z.string().default('127.0.0.1').describe('Address to bind to.'),
    [`${prefix}_PORT`]: port().default(defaultPort).describe('Port of health and readiness.'),
  } as Record<`${Uppercase<N>}_HOST`, z.ZodDefault<z.ZodString>> &
    Record<`${Uppercase<N>}_PORT`, z.ZodDefault<z.ZodCoercedNumber>>;
}

/** Reads the environment once. Empty values count as absent. Throws `EnvironmentError` with all faults. */
export function loadEnv<S extends z.ZodObject>(service: string, schema: S, source: NodeJS.ProcessEnv = process.env): Readonly<z.output<S>> {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return Object.freeze(parsed.data);
  throw new EnvironmentError(
    service,
    parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      return name in present ? `${name}: ${issue.message}` : `${name} is missing: ${describe(schema, name)}`;
    }),
  );
}

function describe(schema: z.ZodObject, name: string): string {
  return (schema.shape[name] as z.ZodType | undefined)?.description ?? 'no description';
}

/** The schema as lines of an `.env.example`: a sentence, then the name with its default. */
export function envExample(schema: z.ZodObject): string {
  const lines = Object.keys(schema.shape).map((name) => {
    const field = schema.shape[name] as z.ZodType;
    const absent = field.safeParse(undefined);
    const fallback = absent.success && absent.data !== undefined ? String(absent.data) : '';
    const required = absent.success ? '' : ' Required.';
    return `# ${field.description ?? ''}${required}\n${absent.success ? '# ' : ''}${name}=${fallback}`;
  });
  return `${lines.join('\n')}\n`;
}
