import { join } from 'node:path';
import { pathsIn } from '../../infra/local/paths.ts';
import { freePort } from '../../infra/local/ports.ts';
import { startPostgres } from '../../infra/local/postgres.ts';
import { ProcessRecord } from '../../infra/local/process-record.ts';
import { scanDatabases } from './places.ts';
import type { Scanner } from './scanner.ts';

/**
 * Every row that a PostgreSQL has which runs no more: in its files large values are compressed, and are found in rows only. Returns how many
 * tables there were.
 */
export async function scanStoppedDatabases(scanner: Scanner, dataDir: string, password: string, signal: AbortSignal): Promise<number> {
  const { postgres, processes } = pathsIn(dataDir);
  await using undo = new AsyncDisposableStack();
  const logFile = join(dataDir, 'postgres-searched.log');
  const { url } = await startPostgres({ dataDir: postgres, port: await freePort(), password, logFile, record: new ProcessRecord(processes), signal, undo });
  return await scanDatabases(scanner, url);
}
