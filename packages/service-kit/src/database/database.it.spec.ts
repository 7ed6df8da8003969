import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@patchbay/testing/test-database';
import { DataSource } from 'typeorm';
import { InitialTiny1764000000000, openTinyDatabase, type TinyDatabase } from '../../testing/tiny-database.ts';
import { Secret } from '../config/secret.ts';
import { createLogger } from '../telemetry/logger.ts';
import { hasUnstorableText, isDataError, openDatabase, violates } from './database.ts';
import { inOrganization } from './organization.ts';

let database: TinyDatabase;

beforeAll(async () => {
  database = await openTinyDatabase();
});

afterAll(async () => {
  await database.stop();
});

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

const insert = (name: string) =>
  inOrganization(database.source, 'org_1', (tx) => tx.query(`insert into things values ('org_1', $1)`, [name]));

async function namesIn(url: string): Promise<unknown> {
  const source = await new DataSource({ type: 'postgres', url }).initialize();
  try {
    return await source.query('select name from migrations');
  } finally {
    await source.destroy();
  }
}

describe('openDatabase', () => {
  it('migrates once when several instances start at once', async () => {
    const fresh = await createTestDatabase('tiny');
    const open = () =>
      openDatabase({
        url: new Secret(fresh.url),
        migrationUrl: new Secret(fresh.migrationUrl),
        poolSize: 2,
        entities: [],
        migrations: [InitialTiny1764000000000],
        logger: createLogger('test', 'silent'),
      });

    const sources = await Promise.all([open(), open(), open()]);

    await Promise.all(sources.map((source) => source.destroy()));
    expect(await namesIn(fresh.superuserUrl)).toEqual([{ name: 'InitialTiny1764000000000' }]);
    await fresh.drop();
  });

  it('leaves what is migrated already', async () => {
    await insert('kept');

    const again = await database.openAgain();

    expect(await inOrganization(again, 'org_1', (tx) => tx.query('select name from things'))).toEqual([{ name: 'kept' }]);
  });
});

describe('an error of PostgreSQL', () => {
  it('violates the constraint it names, and no other', async () => {
    await insert('twice');
    const error = await rejection(insert('twice'));

    expect(violates(error, 'things_org_name_unique')).toBe(true);
    expect(violates(error, 'things_pkey')).toBe(false);
    expect(isDataError(error)).toBe(true);
    expect(hasUnstorableText(error)).toBe(false);
  });

  it('about a character that cannot be stored is known as such', async () => {
    const inText = await rejection(insert('a\u0000b'));
    const inJson = await rejection(database.source.query(`select $1::jsonb`, [JSON.stringify({ text: 'a\u0000b' })]));

    expect([inText, inJson].map(hasUnstorableText)).toEqual([true, true]);
    expect([inText, inJson].map(isDataError)).toEqual([true, true]);
  });

  it('about anything else is neither', async () => {
    const errors = [
      await rejection(database.source.query('select * from nowhere')),
      new Error('x'),
      null,
      undefined,
      'text',
    ];

    expect(errors.map(hasUnstorableText)).toEqual(errors.map(() => false));
    expect(errors.map(isDataError)).toEqual(errors.map(() => false));
  });
});
