import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTinyDatabase, type TinyDatabase } from '../../testing/tiny-database.ts';
import { createLogger } from '../telemetry/logger.ts';
import { hasUnstorableText } from './database.ts';
import { PartitionKeeper } from './partitions.ts';

const logger = createLogger('test', 'silent');
const tables = ['outbox', 'inbox'].map((table) => ({ table, id: 'event' as const, retentionDays: 30 }));

let database: TinyDatabase;

beforeAll(async () => {
  database = await openTinyDatabase();
});

afterAll(() => database.stop());

describe('partition keepers', () => {
  it('of several instances may start at once', async () => {
    const sources = [database.source, await database.openAgain(), await database.openAgain()];

    const started = await Promise.allSettled(
      sources.map((source) => new PartitionKeeper(source, tables, logger).tick(new Date())),
    );

    expect(started.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });

  it('leave alone what they did not make', async () => {
    await database.admin.query('create table outbox_default partition of outbox default');

    await new PartitionKeeper(database.source, tables, logger).tick(new Date());

    const [found] = await database.admin.query(`select to_regclass('outbox_default')::text as name`);
    expect(found).toEqual({ name: 'outbox_default' });
  });
});

describe('half of a surrogate pair', () => {
  it('is recognised as an unstorable text in jsonb too', async () => {
    const error: unknown = await database.source
      .query('select $1::jsonb', [JSON.stringify({ text: '\ud800' })])
      .catch((thrown: unknown) => thrown);

    expect(hasUnstorableText(error)).toBe(true);
  });
});
