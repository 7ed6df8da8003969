import pg from 'pg';
import type { TestDatabase } from './test-database.ts';

export interface Walls {
  /** What is wrong, a sentence each. */
  faults: string[];
  /** Tables that belong to no organization. */
  shared: string[];
  /** Tables in which the other organization has rows: where the wall was put to the test. */
  tried: string[];
}

interface Table {
  name: string;
  owner: string;
  forced: boolean;
  partitioned: boolean;
  tenant: boolean;
  first_key: string | null;
}

/**
 * Walks every table of a service's database, as the role of the service and with none of the service's own filters: inside organization
 * `own` no row of another is seen, changed or made, and without an organization none at all.
 */
export async function inspectWalls(database: TestDatabase, own: string): Promise<Walls> {
  const [service, superuser] = await Promise.all([connect(database.url), connect(database.superuserUrl)]);
  try {
    const tables = (await superuser.query<Table>(TABLES)).rows;
    const tenants = tables.filter(({ tenant }) => tenant);
    const faults = [...(await faultsOfRole(service)), ...(await faultsOfPartitions(service, superuser))];
    const tried: string[] = [];
    for (const table of tenants) {
      faults.push(...faultsOfTable(table, service.user!), ...(await faultsInside(service, superuser, table, own)));
      if (await hasRowsOfOthers(superuser, table, own)) tried.push(table.name);
    }
    return { faults, tried, shared: tables.filter(({ tenant }) => !tenant).map(({ name }) => name) };
  } finally {
    await Promise.all([service.end(), superuser.end()]);
  }
}

const TABLES = `
  select c.relname as name, pg_get_userbyid(c.relowner) as owner, c.relrowsecurity and c.relforcerowsecurity as forced,
    c.relkind = 'p' as partitioned,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id') as tenant,
    (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where i.indrelid = c.oid and i.indisprimary) as first_key
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations'
  order by 1`;

function faultsOfTable({ name, owner, forced, first_key }: Table, role: string): string[] {
  return [
    ...(forced ? [] : [`${name} has no forced row-level security`]),
    ...(owner === role ? [`${name} belongs to the role of the service`] : []),
    ...(first_key === null || first_key === 'org_id' ? [] : [`the primary key of ${name} begins with ${first_key}`]),
  ];
}

/** Everything here must be refused. */
async function faultsOfRole(service: pg.Client): Promise<string[]> {
  const forbidden = ['create table mine ()', 'set role postgres', `set session authorization postgres`, 'table migrations'];
  const faults: string[] = [];
  for (const statement of forbidden) {
    if ((await attempt(service, statement)).state !== FORBIDDEN) faults.push(`the role of the service may: ${statement}`);
  }
  return faults;
}

async function faultsOfPartitions(service: pg.Client, superuser: pg.Client): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(
    `select relname as name from pg_class where relispartition and relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const faults: string[] = [];
  for (const { name } of rows) {
    if ((await attempt(service, `select from "${name}"`)).state !== FORBIDDEN) faults.push(`the partition ${name} can be read without its table`);
  }
  return faults;
}

async function faultsInside(service: pg.Client, superuser: pg.Client, table: Table, own: string): Promise<string[]> {
  const { name } = table;
  const outside = await attempt(service, `select from "${name}"`);
  const foreign = await attempt(service, `select from "${name}" where org_id <> ${pg.escapeLiteral(own)}`, own);
  const insert = await attempt(service, await insertOfAnother(superuser, table), own);
  const alter = await attempt(service, `alter table "${name}" disable row level security`);
  return [
    ...(isClean(outside) ? [] : [`${name} is seen without an organization (${outside.state}, ${outside.rows} rows)`]),
    ...(isClean(foreign) ? [] : [`${name} shows rows of others inside ${own} (${foreign.state}, ${foreign.rows} rows)`]),
    ...(insert.state === FORBIDDEN ? [] : [`${name} takes a row of another inside ${own} (${insert.state})`]),
    ...(alter.state === FORBIDDEN ? [] : [`the role of the service may alter ${name} (${alter.state})`]),
  ];
}

/** It was carried out, and found nothing. */
function isClean({ state, rows }: { state: string; rows: number }): boolean {
  return state === 'done' && rows === 0;
}

/** Row-level security is checked before every other constraint, once the partition is found. */
async function insertOfAnother(superuser: pg.Client, { name, partitioned }: Table): Promise<string> {
  if (!partitioned) return `insert into "${name}" (org_id) values ('org_another')`;
  const { rows } = await superuser.query<{ key: string; low: string }>(
    `select a.attname as key, substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \\((.*)\\) TO') as low
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_partitioned_table p on p.partrelid = i.inhparent
     join pg_attribute a on a.attrelid = i.inhparent and a.attnum = p.partattrs[0]
     where i.inhparent = $1::regclass and pg_get_expr(c.relpartbound, c.oid) like 'FOR VALUES FROM%' limit 1`,
    [`"${name}"`],
  );
  if (!rows[0]) throw new Error(`${name} has no partitions: nothing can be inserted into it.`);
  return `insert into "${name}" (org_id, "${rows[0].key}") values ('org_another', ${rows[0].low})`;
}

async function hasRowsOfOthers(superuser: pg.Client, { name }: Table, own: string): Promise<boolean> {
  const { rowCount } = await superuser.query(`select from "${name}" where org_id <> $1 limit 1`, [own]);
  return rowCount === 1;
}

/** `insufficient_privilege`, which a violated policy answers too. */
const FORBIDDEN = '42501';

/** What comes of a statement inside an organization; nothing of it stays. */
async function attempt(client: pg.Client, statement: string, organizationId = ''): Promise<{ state: string; rows: number }> {
  try {
    await client.query(`begin; select set_config('app.org_id', ${pg.escapeLiteral(organizationId)}, true)`);
    const { rowCount } = await client.query(statement);
    return { state: 'done', rows: rowCount ?? 0 };
  } catch (error) {
    return { state: (error as { code?: string }).code ?? String(error), rows: 0 };
  } finally {
    await client.query('rollback');
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
