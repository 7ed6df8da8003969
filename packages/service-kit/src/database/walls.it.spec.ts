import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspectWalls } from '@patchbay/testing/inspect-walls';
import { createTestDatabase } from '@patchbay/testing/test-database';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { openTinyDatabase, type TinyDatabase } from '../../testing/tiny-database.ts';
import { Secret } from '../config/secret.ts';
import { createLogger } from '../telemetry/logger.ts';
import { openDatabase } from './database.ts';
import { acrossOrganizations, inOrganization, runInOrganization } from './organization.ts';
import { PartitionKeeper } from './partitions.ts';
import { EVERY_TENANT_TABLE, NO_PARTITION_FUNCTIONS, NO_TENANT_TABLE, PARTITION_FUNCTIONS } from './walls.ts';

const logger = createLogger('test', 'silent');
const tables = ['outbox', 'inbox'].map((table) => ({ table, id: 'event' as const, retentionDays: 30 }));
let database: TinyDatabase;

beforeAll(async () => {
  database = await openTinyDatabase();
  await new PartitionKeeper(database.source, tables, logger).tick(new Date());
  await add('org_1', 'one');
  await add('org_2', 'two');
});

afterAll(() => database.stop());

const add = (organizationId: string, name: string) =>
  inOrganization(database.source, organizationId, (tx) => tx.query('insert into things values ($1, $2)', [organizationId, name]));
const ALL = 'select name from things order by name';

describe('the walls of a database', () => {
  it('have no hole', async () => {
    expect(await inspectWalls(database.places, 'org_1')).toEqual({ faults: [], shared: [], tried: ['things'] });
  });

  it('are missed where they are not', async () => {
    await database.admin.query('create table unwalled (org_id text, n int); grant all on unwalled to test_tiny');
    await database.admin.query(`insert into unwalled values ('org_2', 1)`);

    const { faults } = await inspectWalls(database.places, 'org_1');

    await database.admin.query('drop table unwalled');
    expect(faults).toEqual([
      'unwalled has no forced row-level security',
      'unwalled is seen without an organization (done, 1 rows)',
      'unwalled shows rows of others inside org_1 (done, 1 rows)',
      'unwalled takes a row of another inside org_1 (done)',
    ]);
  });

  it('hold for the role that owns the tables', async () => {
    const owner = await new DataSource({ type: 'postgres', url: database.places.migrationUrl }).initialize();

    expect(await owner.query(ALL)).toEqual([]);
    await owner.destroy();
  });
});

describe('a transaction', () => {
  it('inside an organization sees its rows only, whatever it asks for', async () => {
    expect(await inOrganization(database.source, 'org_1', (tx) => tx.query(ALL))).toEqual([{ name: 'one' }]);
    expect(await inOrganization(database.source, `org_2' or true --`, (tx) => tx.query(ALL))).toEqual([]);
  });

  it('inside an organization cannot write for another, nor move a row to it', async () => {
    const inside = (statement: string) => inOrganization(database.source, 'org_1', (tx) => tx.query(statement));

    await expect(inside(`insert into things values ('org_2', 'x')`)).rejects.toThrow('row-level security');
    await expect(inside(`update things set org_id = 'org_2'`)).rejects.toThrow('row-level security');
    expect(await inside(`update things set name = 'x' where org_id = 'org_2'`)).toEqual([[], 0]);
    expect(await inside(`delete from things where org_id = 'org_2'`)).toEqual([[], 0]);
  });

  it('across organizations sees all of them', async () => {
    expect(await acrossOrganizations(database.source, (tx) => tx.query(ALL))).toEqual([{ name: 'one' }, { name: 'two' }]);
  });

  it('leaves nothing of its rights behind, whether it ends well or not', async () => {
    const source = await database.openAgain(1);

    await inOrganization(source, 'org_1', (tx) => tx.query(ALL));
    await expect(acrossOrganizations(source, (tx) => tx.query('select 1 / 0'))).rejects.toThrow('division by zero');
    await expect(inOrganization(source, 'org_1', () => Promise.reject(new Error('changed my mind')))).rejects.toThrow('my mind');

    expect(await source.query(ALL)).toEqual([]);
    expect(await source.query('select current_user as role')).toEqual([{ role: 'test_tiny' }]);
  });

  it('is undone as a whole when its work fails', async () => {
    const failed = inOrganization(database.source, 'org_1', async (tx) => {
      await tx.query(`insert into things values ('org_1', 'undone')`);
      throw new Error('changed my mind');
    });

    await expect(failed).rejects.toThrow('changed my mind');
    expect(await inOrganization(database.source, 'org_1', (tx) => tx.query(ALL))).toEqual([{ name: 'one' }]);
  });
});

describe('a statement that is sent with its transaction', () => {
  const run = (organizationId: string, text: string, values: unknown[] = []) =>
    runInOrganization<{ name: string }>(database.source, organizationId, { name: text, text }, values);

  it('sees the rows of its organization only', async () => {
    const { rows } = await run('org_2', ALL);

    expect(rows).toEqual([{ name: 'two' }]);
  });

  it('has written when it resolves', async () => {
    await run('org_3', 'insert into things values ($1, $2)', ['org_3', 'three']);

    expect((await run('org_3', ALL)).rows).toEqual([{ name: 'three' }]);
  });

  it('that is refused says why, and its connection goes on', async () => {
    const source = await database.openAgain(1);
    const inOne = (text: string) => runInOrganization(source, 'org_1', { name: text, text }, []);

    const refused: unknown = await inOne(`insert into things values ('org_2', 'x')`).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: '42501' });
    expect((await inOne(ALL)).rows).toEqual([{ name: 'one' }]);
    expect(await source.query(ALL)).toEqual([]);
  });

  it('takes its turn with many others', async () => {
    const seen = await Promise.all(Array.from({ length: 200 }, (_, nth) => run(`org_${1 + (nth % 2)}`, ALL)));

    expect(seen.map(({ rows }) => rows)).toEqual(seen.map((_, nth) => [{ name: nth % 2 ? 'two' : 'one' }]));
  });
});

describe('the worker', () => {
  const asWorker = (statement: string) => acrossOrganizations(database.source, (tx) => tx.query(statement));

  it('makes and drops partitions of a day, and nothing else', async () => {
    await expect(asWorker(`select drop_partition('things', 'things')`)).rejects.toThrow('things is no partition of things');
    await expect(asWorker(`select make_partition('outbox', 'outbox_p2026111; drop table things', 'a', 'b')`)).rejects.toThrow('is no partition');
    await expect(asWorker('alter table things disable row level security')).rejects.toThrow('must be owner of table things');
  });

  it('lends its functions to nobody', async () => {
    await expect(database.source.query(`select drop_partition('outbox', 'outbox_p20261118')`)).rejects.toThrow('permission denied');
  });
});

describe('walls that are raised later', () => {
  class Before1764000000000 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`
        create table visits (org_id text, visit_id text collate "C", primary key (org_id, visit_id)) partition by range (visit_id);
        create table visits_p20261118 partition of visits for values from ('a') to ('m');
        insert into visits values ('org_1', 'b'), ('org_2', 'c');
      `);
    }
    async down(): Promise<void> {
      throw new Error('Forward only.');
    }
  }
  class Walls1769000000000 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`${EVERY_TENANT_TABLE} ${PARTITION_FUNCTIONS}`);
    }
    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`${NO_PARTITION_FUNCTIONS} ${NO_TENANT_TABLE}`);
    }
  }

  it('keep the rows and partitions of a service that owned its tables itself, and can be taken down', async () => {
    const fresh = await createTestDatabase('tiny');
    await fresh.query('grant create on schema public to test_tiny');
    const options = { url: new Secret(fresh.url), poolSize: 1, entities: [], logger };
    const earlier = await openDatabase({ ...options, migrations: [Before1764000000000] });
    await earlier.destroy();
    await fresh.query('reassign owned by test_tiny to test_tiny_owner');
    await fresh.query('revoke create on schema public from test_tiny');

    const migrationUrl = new Secret(fresh.migrationUrl);
    const source = await openDatabase({ ...options, migrationUrl, migrations: [Before1764000000000, Walls1769000000000] });
    const own = await inOrganization(source, 'org_1', (tx) => tx.query('select visit_id from visits'));
    await source.destroy();

    expect(own).toEqual([{ visit_id: 'b' }]);
    expect(await inspectWalls(fresh, 'org_1')).toEqual({ faults: [], shared: [], tried: ['visits'] });
    const owner = await new DataSource({ type: 'postgres', url: fresh.migrationUrl, migrations: [Before1764000000000, Walls1769000000000] }).initialize();
    await owner.undoLastMigration();
    expect(await owner.query('select count(*)::int as rows from visits')).toEqual([{ rows: 2 }]);
    await owner.destroy();
    await fresh.drop();
  });
});

describe('a service', () => {
  const open = (url: Secret) =>
    openDatabase({ url, migrationUrl: database.migrationUrl, poolSize: 1, entities: [], migrations: [], logger });

  it('does not start as a superuser', async () => {
    await expect(open(new Secret(database.places.superuserUrl))).rejects.toThrow(
      'The role postgres of DATABASE_URL is a superuser or has BYPASSRLS',
    );
  });

  it('does not start as a role that cannot work over all organizations', async () => {
    await expect(open(database.migrationUrl)).rejects.toThrow('may not take on the role test_tiny_owner_worker: grant it.');
  });
});
