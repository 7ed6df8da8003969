import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import type { Transaction } from './database.ts';

/** A statement that PostgreSQL parses and plans once for each connection; the name must be its own within the service. */
export interface PreparedStatement {
  name: string;
  text: string;
}

/**
 * Runs a statement that every call needs, in the transaction or, without one, on its own connection. Planning a statement over
 * partitioned tables costs about as much as carrying it out for one row. Rejects with the error of the driver itself; `violates`
 * and its like read it as any other.
 */
export async function runPrepared<Row extends QueryResultRow>(
  tx: Transaction,
  { name, text }: PreparedStatement,
  values: unknown[],
): Promise<QueryResult<Row>> {
  const connection = tx.queryRunner ? ((await tx.queryRunner.connect()) as PoolClient) : poolOf(tx.dataSource);
  return connection.query<Row>({ name, text, values });
}

/** The pool behind a data source, for what TypeORM has no words for. */
export function poolOf({ driver }: DataSource): Pool {
  return (driver as unknown as { master: Pool }).master;
}
