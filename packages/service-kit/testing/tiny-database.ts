import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { Secret } from '../src/config/secret.ts';
import { openDatabase, openWorkers } from '../src/database/database.ts';
import { INBOX_SQL, OUTBOX_SQL } from '../src/database/outbox.ts';
import { EVERY_TENANT_TABLE, PARTITION_FUNCTIONS } from '../src/database/walls.ts';
import { createLogger } from '../src/telemetry/logger.ts';

/** The tables of a service that emits and consumes events. */
export class InitialTiny1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX_SQL);
    await runner.query(INBOX_SQL);
    await runner.query(
      'create table things (org_id text, name text, constraint things_org_name_unique unique (org_id, name))',
    );
    await runner.query(`${EVERY_TENANT_TABLE} ${PARTITION_FUNCTIONS}`);
  }

  async down(): Promise<void> {
    throw new Error('Forward only.');
  }
}

export interface TinyDatabase {
  source: DataSource;
  /** The superuser's, who sees every row and may change anything. */
  admin: DataSource;
  /** Works over all organizations. */
  workers: DataSource;
  /** Opens the same database once more, as a second process of the service does. */
  openAgain(poolSize?: number): Promise<DataSource>;
  places: TestDatabase;
  migrationUrl: Secret;
  stop(): Promise<void>;
}

/** A database of its own, migrated as a service does it. */
export async function openTinyDatabase(): Promise<TinyDatabase> {
  const database = await createTestDatabase('tiny');
  const admin = await new DataSource({ type: 'postgres', url: database.superuserUrl }).initialize();
  const sources = [admin];
  const migrationUrl = new Secret(database.migrationUrl);
  const openAgain = async (poolSize = 5) => {
    const source = await openDatabase({
      url: new Secret(database.url),
      migrationUrl,
      poolSize,
      entities: [],
      migrations: [InitialTiny1764000000000],
      logger: createLogger('test', 'silent'),
    });
    sources.push(source);
    return source;
  };
  const source = await openAgain();
  const workers = await openWorkers({ url: new Secret(database.url), poolSize: 5, entities: [], logger: createLogger('test', 'silent') });
  sources.push(workers);
  return {
    source,
    workers,
    admin,
    openAgain,
    places: database,
    migrationUrl,
    async stop() {
      await Promise.all(sources.map((opened) => opened.destroy()));
      await database.drop();
    },
  };
}
