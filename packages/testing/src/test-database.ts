import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  url: string;
  /** Drops the database; fails when a connection to it is still open, which is a leak. */
  drop(): Promise<void>;
}

/** A URL of a superuser of the run's PostgreSQL; `npm test` sets it. */
function serverUrl(): URL {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set: run the tests with `npm test -- --filter=<package>`.');
  return new URL(url);
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl().href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(name: string): string {
  const url = serverUrl();
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * A database of this test file alone. With a template it is cloned from one that `migrate` prepared once in this run,
 * so that a file pays for a copy and not for the migrations.
 */
export async function createTestDatabase(template?: {
  name: string;
  migrate: (url: string) => Promise<void>;
}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(async (client) => {
    if (!template) {
      await client.query(`create database "${name}"`);
      return;
    }
    await client.query('select pg_advisory_lock(hashtext($1))', [template.name]);
    const known = await client.query('select 1 from pg_database where datname = $1', [`template_${template.name}`]);
    if (known.rowCount === 0) {
      const fresh = `fresh_${template.name}_${randomBytes(4).toString('hex')}`;
      await client.query(`create database "${fresh}"`);
      await template.migrate(urlOf(fresh));
      await client.query(`alter database "${fresh}" rename to "template_${template.name}"`);
    }
    await client.query(`create database "${name}" template "template_${template.name}"`);
  });
  return {
    url: urlOf(name),
    drop: () => onServer((client) => client.query(`drop database "${name}"`)).then(() => undefined),
  };
}
