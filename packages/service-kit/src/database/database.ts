import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { DataSource, type DataSourceOptions, type EntityManager, type MigrationInterface } from 'typeorm';
import type { Secret } from '../config/secret.ts';
import { faultOfRole } from './walls.ts';

export interface DatabaseOptions {
  /** Of the role that the service works as. */
  url: Secret;
  /** Of the role that owns the tables and migrates them; `url` when absent. */
  migrationUrl?: Secret;
  poolSize: number;
  /** Connections that are opened at the start and kept: a burst after a quiet time should not wait for new ones. Default 0. */
  warmConnections?: number;
  entities: DataSourceOptions['entities'];
  /** Classes in the order they were written; each name ends in its time. */
  migrations: (new () => MigrationInterface)[];
  logger: Logger;
}

/** Any number: all processes of one service must use the same one, and each service has its own database. */
const MIGRATION_LOCK = 72_001;
const FIRST_CONNECT_TIMEOUT_MS = 60_000;

/**
 * Waits for PostgreSQL, migrates under a lock (several instances may start at once), and returns the open data source. Rejects with
 * `DatabaseRoleError` when the role of `url` is above the walls between organizations.
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  await migrate(options);
  const source = pool(options);
  await source.initialize();
  await requireWalls(source);
  await warm(source, options.warmConnections ?? 0);
  return source;
}

/** Injects the data source of `openWorkers`. */
export const WORKERS = Symbol('workers');

/**
 * A second pool whose connections have taken on the worker's role once and for all: what calls leave behind is written over all
 * organizations in batches, and a round trip for the role in each would be a good part of it. Nothing that somebody asked for is read here.
 */
export async function openWorkers(options: PoolOptions): Promise<DataSource> {
  const role = `${decodeURIComponent(new URL(options.url.reveal()).username)}_worker`;
  const source = pool(options, { options: `-c role=${role}` });
  await source.initialize();
  await warm(source, options.warmConnections ?? 0);
  return source;
}

type PoolOptions = Pick<DatabaseOptions, 'url' | 'poolSize' | 'warmConnections' | 'entities' | 'logger'>;

function pool({ url, poolSize, entities, warmConnections, logger }: PoolOptions, settings: { options?: string } = {}): DataSource {
  return new DataSource({
    ...connectionTo(url),
    poolSize,
    entities,
    // A server that went away must be noticed: without keep-alive a query waits for the kernel's two hours. In a pipeline, statements
    // that are sent together cost one round trip.
    extra: { keepAlive: true, connectionTimeoutMillis: 5_000, min: warmConnections ?? 0, pipeline: true, ...settings },
    poolErrorHandler: (err: unknown) => logger.warn({ err }, 'an idle database connection was lost'),
  });
}

/** The role of a service's connection must not be used; the message says why and what to do. */
export class DatabaseRoleError extends Error {
  override readonly name = 'DatabaseRoleError';
}

async function requireWalls(source: DataSource): Promise<void> {
  const fault = await faultOfRole(source);
  if (!fault) return;
  await source.destroy();
  throw new DatabaseRoleError(fault);
}

async function warm(source: DataSource, connections: number): Promise<void> {
  const runners = Array.from({ length: connections }, () => source.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  await Promise.all(runners.map((runner) => runner.release()));
}

async function migrate({ url, migrationUrl = url, migrations, logger }: DatabaseOptions): Promise<void> {
  const lock = await connectWithPatience(migrationUrl, logger);
  const source = new DataSource({ ...connectionTo(migrationUrl), poolSize: 1, migrations, migrationsTransactionMode: 'each' });
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.initialize();
    const done = await source.runMigrations();
    for (const { name } of done) logger.info({ migration: name }, 'migrated');
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end();
  }
}

function connectionTo(url: Secret) {
  return { type: 'postgres', url: url.reveal(), synchronize: false, logging: false } as const;
}

async function connectWithPatience(url: Secret, logger: Logger): Promise<pg.Client> {
  const endsAt = Date.now() + FIRST_CONNECT_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url.reveal() });
    try {
      await client.connect();
      return client;
    } catch (err) {
      if (Date.now() >= endsAt) throw err;
      logger.warn({ err }, 'waiting for PostgreSQL');
      await delay(500);
    }
  }
}

/** The transaction that repository methods take as their first parameter. */
export type Transaction = EntityManager;

/** PostgreSQL's `unique_violation` of a named constraint; translated next to the statement that can cause it. */
export function violates(error: unknown, constraint: string): boolean {
  const cause = (error as { driverError?: unknown }).driverError ?? error;
  const { code, constraint: name } = cause as { code?: string; constraint?: string };
  return code === '23505' && name === constraint;
}

function sqlState(error: unknown): string {
  const { code } = ((error as { driverError?: unknown } | null)?.driverError ?? error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function detailOf(error: unknown): string {
  return String(((error as { driverError?: { detail?: unknown } }).driverError ?? (error as { detail?: unknown })).detail ?? '');
}

/** PostgreSQL refused a text because of NUL or half of a surrogate pair. */
export function hasUnstorableText(error: unknown): boolean {
  const state = sqlState(error);
  return state === '22021' || state === '22P05' || (state === '22P02' && /surrogate/.test(detailOf(error)));
}

/** SQLSTATE class 22 or 23: the data is at fault, and trying again changes nothing. */
export function isDataError(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error));
}
