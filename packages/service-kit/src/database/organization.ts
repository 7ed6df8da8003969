import pg, { type QueryResult, type QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import type { Transaction } from './database.ts';
import { poolOf, type PreparedStatement } from './prepared.ts';

/**
 * One transaction that sees and writes the rows of one organization: PostgreSQL itself refuses the others' (row-level security), whatever
 * a statement in it says. It begins in one round trip and cannot be nested.
 */
export function inOrganization<T>(source: DataSource, organizationId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return transaction(source, beginIn(organizationId), work);
}

/**
 * One statement inside an organization, in a transaction of its own that costs one round trip: for what every turn of every call needs.
 * Rejects with the error of the driver itself, and nothing is done then.
 */
export async function runInOrganization<Row extends QueryResultRow>(
  source: DataSource,
  organizationId: string,
  statement: PreparedStatement,
  values: unknown[],
): Promise<QueryResult<Row>> {
  const connection = await poolOf(source).connect();
  let lost: Error | undefined;
  const onLost = (error: Error) => (lost = error);
  // A connection that is lost tells its statements, which reject, and whoever holds it. Unheard, the second ends the process.
  connection.on('error', onLost);
  try {
    // All three are on their way before the first is answered. After a statement that failed, `commit` takes back what there was.
    const sent = [connection.query(beginIn(organizationId)), connection.query<Row>({ ...statement, values }), connection.query('commit')];
    const [begun, done, committed] = await Promise.allSettled(sent);
    for (const answer of [begun, done, committed]) if (answer?.status === 'rejected') throw answer.reason;
    return (done as PromiseFulfilledResult<QueryResult<Row>>).value;
  } finally {
    connection.off('error', onLost);
    connection.release(lost);
  }
}

function beginIn(organizationId: string): string {
  return `begin; select set_config('app.org_id', ${pg.escapeLiteral(organizationId)}, true)`;
}

/** One transaction over all organizations, for what a service does by itself: relays, sweeps, finding out whose a key is. */
export function acrossOrganizations<T>(source: DataSource, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return transaction(source, `begin; select set_config('role', session_user || '_worker', true)`, work);
}

async function transaction<T>(source: DataSource, begin: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    await runner.query(begin);
    const result = await work(runner.manager);
    await runner.query('commit');
    return result;
  } catch (error) {
    // It fails only with the connection itself, which the pool then throws away; what matters to the caller is the first error.
    await runner.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}
