import type pg from 'pg';

/** Any number: test files that start together would make the same role at once. */
const ROLES_LOCK = 72_010;

/**
 * The roles of a service, as the platform's own databases have them: `<role>` for its work, which owns nothing, `<role>_owner` for its
 * migrations, and `<role>_worker`, which `<role>` takes on for work over all organizations.
 */
export async function ensureServiceRoles(client: pg.Client, role: string, passwordOf: (role: string) => string): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [ROLES_LOCK]);
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [`${role}_worker`]);
    if (rowCount) return;
    await client.query('begin');
    await client.query(`create role "${role}_owner" login password '${passwordOf(`${role}_owner`)}'`);
    await client.query(`create role "${role}" login noinherit password '${passwordOf(role)}'`);
    await client.query(`create role "${role}_worker" nologin`);
    await client.query(`grant "${role}_worker" to "${role}"`);
    await client.query('commit');
  } finally {
    await client.query('select pg_advisory_unlock($1)', [ROLES_LOCK]);
  }
}
