import type { Socket } from 'node:net';
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

/**
 * The same on a connection of its own, for whoever need not wait for the commit: `onSent` is called once all of the statement is in the
 * operating system's hands. From then on the death of this process stops it no more: PostgreSQL reads what has arrived before it notices
 * that nobody waits. Not called when it could not be sent at once; the promise then tells.
 */
export async function sendPrepared(tx: Transaction, { name, text }: PreparedStatement, values: unknown[], onSent: () => void): Promise<void> {
  const client = await poolOf(tx.dataSource).connect();
  let broken: Error | undefined;
  // A connection that is lost tells twice: the statement, which rejects, and whoever holds it. Unheard, the second ends the process.
  const onLost = (error: Error) => (broken = error);
  client.on('error', onLost);
  try {
    const answer = client.query({ name, text, values });
    if (isSent(client)) onSent();
    await answer;
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.off('error', onLost);
    client.release(broken);
  }
}

/** Whether the kernel has taken everything that was written to the socket. */
function isSent(client: PoolClient): boolean {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  return stream.writable && stream.writableLength === 0;
}

/** The pool behind a data source, for what TypeORM has no words for. */
export function poolOf({ driver }: DataSource): Pool {
  return (driver as unknown as { master: Pool }).master;
}
