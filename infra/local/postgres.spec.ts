import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freePort } from './ports.ts';
import { startPostgres, type PostgresServer } from './postgres.ts';
import { ensureDatabases, serviceDatabaseUrls } from './postgres-databases.ts';
import { ProcessRecord } from './process-record.ts';
import { makeScratchFolder } from './testing/scratch-folder.ts';

const PASSWORDS = { runner: 'of-the-runner', runner_owner: 'of-its-owner', calls: 'of-calls', calls_owner: 'of-the-owner' };
const folder = makeScratchFolder();
const places = {
  dataDir: join(folder.path, 'postgres'),
  logFile: join(folder.path, 'postgres.log'),
  record: new ProcessRecord(join(folder.path, 'processes.json')),
};

afterAll(() => folder.remove());

describe('the embedded PostgreSQL', () => {
  it('keeps its data over a stop and a second start', async () => {
    await withServer('first', async ({ url }) => {
      await ensureDatabases(url, PASSWORDS);
      await query(ownerOf(url, 'runner'), "create table kept as select 'still here' as text");
    });

    const [row] = await withServer('first', async ({ url }) => {
      await ensureDatabases(url, PASSWORDS);
      return query(ownerOf(url, 'runner'), 'select text from kept');
    });

    expect(row).toEqual({ text: 'still here' });
  });

  it('lets a role into its own database only, and not as a superuser', async () => {
    await withServer('first', async ({ url }) => {
      const foreign = new URL(urlOf(url, 'runner'));
      foreign.pathname = '/calls';

      await expect(query(foreign.href, 'select 1')).rejects.toThrow('permission denied for database "calls"');
      expect(
        await query(urlOf(url, 'calls'), 'select rolsuper, rolcreaterole from pg_roles where rolname = current_user'),
      ).toEqual([{ rolsuper: false, rolcreaterole: false }]);
    });
  });

  it('lets the role of a service work for all organizations only when it takes on its worker', async () => {
    await withServer('first', async ({ url }) => {
      await ensureDatabases(url, PASSWORDS);
      const worker = urlOf(url, 'calls');

      expect(await query(worker, "select pg_has_role('calls_worker', 'usage') as always, pg_has_role('calls_worker', 'set') as by_choice")).toEqual([
        { always: false, by_choice: true },
      ]);
      await expect(query(worker, 'create table mine ()')).rejects.toThrow('permission denied for schema public');
    });
  });

  it('takes the tables of an earlier release from the role that works with them', async () => {
    await withServer('first', async ({ url }) => {
      const password = { earlier: 'of-an-earlier-release' };
      await ensureDatabases(url, password);
      await query(serviceDatabaseUrls(url, 'earlier', password).work, 'create table made_by_itself (n int)');

      const passwords = { ...password, earlier_owner: 'of-its-owner' };
      await ensureDatabases(url, passwords);
      await ensureDatabases(url, passwords);

      const { work, migration } = serviceDatabaseUrls(url, 'earlier', passwords);
      expect(await query(migration!, 'table made_by_itself')).toEqual([]);
      await expect(query(work, 'table made_by_itself')).rejects.toThrow('permission denied for table made_by_itself');
      await expect(query(work, 'drop table made_by_itself')).rejects.toThrow('must be owner of table made_by_itself');
    });
  });

  it('takes an administrator that is no superuser', async () => {
    await withServer('first', async ({ url }) => {
      await query(url, "create role keeper login createdb createrole password 'of-the-keeper'");
      const keeper = Object.assign(new URL(url), { username: 'keeper', password: 'of-the-keeper' }).href;
      await ensureDatabases(keeper, { kept: 'of-kept' });
      await query(serviceDatabaseUrls(url, 'kept', { kept: 'of-kept' }).work, 'create table made_by_itself (n int)');

      const passwords = { kept: 'of-kept', kept_owner: 'of-its-owner' };
      await ensureDatabases(keeper, passwords);

      expect(await query(serviceDatabaseUrls(url, 'kept', passwords).migration!, 'table made_by_itself')).toEqual([]);
    });
  });

  it('stores UTF-8, in C order, durably', async () => {
    await withServer('first', async ({ url }) => {
      const settings =
        "select name, setting from pg_settings where name in ('server_encoding', 'fsync', 'synchronous_commit') order by 1";

      expect(await query(url, settings)).toEqual([
        { name: 'fsync', setting: 'on' },
        { name: 'server_encoding', setting: 'UTF8' },
        { name: 'synchronous_commit', setting: 'on' },
      ]);
      expect(await query(url, "select lower('ÄÖ') as text, 'Z' < 'a' as c_order")).toEqual([
        { text: 'äö', c_order: true },
      ]);
    });
  });

  it('says that the secrets belong to another database when its password does not fit', async () => {
    await expect(withServer('another', async () => undefined)).rejects.toThrow('secrets.json');
  });
});

async function withServer<T>(password: string, use: (server: PostgresServer) => Promise<T>): Promise<T> {
  const undo = new AsyncDisposableStack();
  try {
    return await use(await startPostgres({ ...places, port: await freePort(), password, undo }));
  } finally {
    await undo.disposeAsync();
  }
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function urlOf(url: string, service: string): string {
  return serviceDatabaseUrls(url, service, PASSWORDS).work;
}

function ownerOf(url: string, service: string): string {
  return serviceDatabaseUrls(url, service, PASSWORDS).migration!;
}
