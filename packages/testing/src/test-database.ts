import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { isKept } from './kept-run.ts';
import { ensureServiceRoles } from './service-roles.ts';

export interface TestDatabase {
  /** As the role of the service: it owns nothing, and rows of an organization are behind their wall. */
  url: string;
  /** As the role that owns the database and migrates it. */
  migrationUrl: string;
  superuserUrl: string;
  /** As the superuser: for a test that looks at every row, or tampers with one. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Drops the database, or renames it where the run is kept; fails when a connection to it is still open, which is a leak. */
  drop(): Promise<void>;
}

/** A URL of a superuser of the run's PostgreSQL; `npm test` sets it. */
function serverUrl(): URL {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test -- --filter=<package>`.');
  return new URL(url);
}

async function connected<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(database: string, role?: string): string {
  const url = serverUrl();
  url.pathname = `/${database}`;
  if (role) {
    url.username = role;
    url.password = passwordOf(role);
  }
  return url.href;
}

/** The same in every process of the run, and of no use anywhere else. */
function passwordOf(role: string): string {
  return createHash('sha256').update(`${role} ${serverUrl().password}`).digest('hex');
}

/**
 * A database of this test file alone, with the three roles that a service has; roles belong to the whole server, so the test files of a
 * service share them.
 */
export async function createTestDatabase(service: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const role = `test_${service}`;
  await connected(serverUrl().href, async (client) => {
    await ensureServiceRoles(client, role, passwordOf);
    await client.query(`create database "${name}" owner "${role}_owner"`);
    await client.query(`revoke all on database "${name}" from public`);
    await client.query(`grant connect on database "${name}" to "${role}"`);
  });
  return {
    url: urlOf(name, role),
    migrationUrl: urlOf(name, `${role}_owner`),
    superuserUrl: urlOf(name),
    query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await connected(urlOf(name), (client) => client.query<Row>(text, values))).rows,
    drop: async () => {
      const statement = isKept ? `alter database "${name}" rename to "kept_${name}"` : `drop database "${name}"`;
      await connected(serverUrl().href, (client) => client.query(statement));
    },
  };
}
