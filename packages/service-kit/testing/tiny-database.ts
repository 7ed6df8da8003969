import { createTestDatabase } from '@patchbay/testing/test-database';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { Secret } from '../src/config/secret.ts';
import { openDatabase } from '../src/database/database.ts';
import { INBOX_SQL, OUTBOX_SQL } from '../src/database/outbox.ts';
import { createLogger } from '../src/telemetry/logger.ts';

/** The tables of a service that emits and consumes events. */
export class InitialTiny1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX_SQL);
    await runner.query(INBOX_SQL);
    await runner.query(
      'create table things (org_id text, name text, constraint things_org_name_unique unique (org_id, name))',
    );
  }

  async down(): Promise<void> {
    throw new Error('Forward only.');
  }
}

export interface TinyDatabase {
  source: DataSource;
  /** Opens the same database once more, as a second process of the service does. */
  openAgain(): Promise<DataSource>;
  stop(): Promise<void>;
}

/** A database of its own, migrated as a service does it. */
export async function openTinyDatabase(): Promise<TinyDatabase> {
  const database = await createTestDatabase();
  const sources: DataSource[] = [];
  const openAgain = async () => {
    const source = await openDatabase({
      url: new Secret(database.url),
      poolSize: 5,
      entities: [],
      migrations: [InitialTiny1764000000000],
      logger: createLogger('test', 'silent'),
    });
    sources.push(source);
    return source;
  };
  return {
    source: await openAgain(),
    openAgain,
    async stop() {
      await Promise.all(sources.map((source) => source.destroy()));
      await database.drop();
    },
  };
}
