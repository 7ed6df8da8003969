import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { databasesAt } from '../canary/places.ts';

/** Whatever belongs to one organization, by `<database>.<table>`: how many rows, and a hash of them all. */
export type Snapshot = ReadonlyMap<string, { rows: number; hash: string }>;

/** Of the tables of a database those whose rows belong to organizations, without their partitions. */
export const TENANT_TABLES = `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`;

const SETTLES_WITHIN_MS = 60_000;
/** Longer than spans and evidence wait to be written in batches. */
const PAUSE_MS = 3_000;

/** As soon as nothing is written behind any more: two looks in a row see the same. */
export async function settled(adminUrl: string, organizationId: string): Promise<Snapshot> {
  const endsAt = performance.now() + SETTLES_WITHIN_MS;
  for (let before = await snapshot(adminUrl, organizationId); ;) {
    await delay(PAUSE_MS);
    const now = await snapshot(adminUrl, organizationId);
    if (differences(before, now).length === 0 || performance.now() > endsAt) return now;
    before = now;
  }
}

export function differences(before: Snapshot, after: Snapshot): string[] {
  const tables = new Set([...before.keys(), ...after.keys()]);
  return [...tables].filter((table) => before.get(table)?.hash !== after.get(table)?.hash);
}

async function snapshot(adminUrl: string, organizationId: string): Promise<Snapshot> {
  const found = new Map<string, { rows: number; hash: string }>();
  for (const url of await databasesAt(adminUrl)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const tables = await client.query<{ name: string }>(TENANT_TABLES);
      for (const { name } of tables.rows) {
        const { rows } = await client.query<{ rows: number; hash: string }>(
          `select count(*)::int as rows, coalesce(md5(string_agg(md5(t::text), '' order by t::text)), '') as hash from ${pg.escapeIdentifier(name)} t where org_id = $1`,
          [organizationId],
        );
        found.set(`${new URL(url).pathname.slice(1)}.${name}`, rows[0]!);
      }
    } finally {
      await client.end();
    }
  }
  return found;
}
