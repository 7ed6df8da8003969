import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTinyDatabase, type TinyDatabase } from '../../testing/tiny-database.ts';
import { idFloor, newId } from '../identity/new-id.ts';
import { createLogger } from '../telemetry/logger.ts';
import { PartitionKeeper, type PartitionedTable } from './partitions.ts';

const NOON = new Date('2026-11-18T12:00:00Z');
const DAY_MS = 86_400_000;
const logger = createLogger('test', 'silent');
let database: TinyDatabase;

beforeAll(async () => {
  database = await openTinyDatabase();
});

beforeEach(async () => {
  await database.admin.query('drop table if exists visits');
  await database.admin.query(
    'create table visits (org_id text, visit_id text collate "C", primary key (org_id, visit_id)) partition by range (visit_id)',
  );
  await database.admin.query('alter table visits owner to test_tiny_owner');
});

afterAll(async () => {
  await database.stop();
});

const keeper = (kept: Partial<PartitionedTable> = {}) =>
  new PartitionKeeper(database.source, [{ table: 'visits', id: 'session', retentionDays: 30, ...kept }], logger);

async function partitions(): Promise<string[]> {
  const rows: { name: string }[] = await database.admin.query(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'visits'::regclass order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Inserts a row made at a moment; gives the partition it went to. */
async function insert(at: Date): Promise<string> {
  const id = `${idFloor('session', at)}0123456789abcdef0123`;
  const rows: { partition: string }[] = await database.admin.query(
    `insert into visits values ('org_1', $1) returning tableoid::regclass::text as partition`,
    [id],
  );
  return rows[0]?.partition ?? '';
}

describe('partitions', () => {
  it('are made for yesterday, today and the seven days to come', async () => {
    await keeper().tick(NOON);

    expect(await partitions()).toEqual([17, 18, 19, 20, 21, 22, 23, 24, 25].map((day) => `visits_p202611${day}`));
  });

  it('are made further back where rows come late', async () => {
    await keeper({ daysBack: 3 }).tick(NOON);

    expect((await partitions())[0]).toBe('visits_p20261115');
  });

  it('are made once, however often it is looked', async () => {
    await keeper().tick(NOON);
    await keeper().tick(NOON);
    await keeper().tick(new Date(NOON.getTime() + DAY_MS));

    expect(await partitions()).toHaveLength(10);
  });

  it('take a row by the time in its id, to the millisecond', async () => {
    await keeper().tick(NOON);

    expect(await insert(new Date('2026-11-18T00:00:00.000Z'))).toBe('visits_p20261118');
    expect(await insert(new Date('2026-11-18T23:59:59.999Z'))).toBe('visits_p20261118');
    expect(await insert(new Date('2026-11-25T23:59:59.999Z'))).toBe('visits_p20261125');
    await expect(insert(new Date('2026-11-26T00:00:00.000Z'))).rejects.toThrow(
      'no partition of relation "visits" found for row',
    );
  });

  it('take what is made just now', async () => {
    await keeper().tick(new Date());

    await database.admin.query(`insert into visits values ('org_1', $1)`, [newId('session')]);
    expect(await database.admin.query('select count(*)::int as rows from visits')).toEqual([{ rows: 1 }]);
  });

  it('past their retention are dropped with their rows, and no other', async () => {
    const kept = keeper({ retentionDays: 2 });
    await kept.tick(NOON);
    await insert(new Date('2026-11-17T08:00:00Z'));
    await insert(new Date('2026-11-18T08:00:00Z'));

    await kept.tick(new Date(NOON.getTime() + 2 * DAY_MS));

    expect((await partitions())[0]).toBe('visits_p20261118');
    expect(await database.admin.query('select count(*)::int as rows from visits')).toEqual([{ rows: 1 }]);
  });

  it('of every table are kept, each for its own time', async () => {
    const both = new PartitionKeeper(
      database.source,
      [
        { table: 'outbox', id: 'event', retentionDays: 1 },
        { table: 'visits', id: 'session', retentionDays: 30 },
      ],
      logger,
    );
    await both.tick(NOON);
    await both.tick(new Date(NOON.getTime() + 5 * DAY_MS));

    const [oldest] = await database.admin.query(
      `select min(inhrelid::regclass::text) as name from pg_inherits where inhparent = 'outbox'::regclass`,
    );
    expect(oldest).toEqual({ name: 'outbox_p20261122' });
    expect((await partitions())[0]).toBe('visits_p20261117');
  });
});

describe('a keeper', () => {
  it('has made the partitions of today when the service has started, and stops with it', async () => {
    const kept = keeper();

    await kept.onModuleInit();
    await kept.beforeApplicationShutdown();

    expect(await partitions()).toContain(`visits_p${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`);
  });
});
