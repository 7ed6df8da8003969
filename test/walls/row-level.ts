import pg from 'pg';
import { TENANT_TABLES } from './rows.ts';

export interface RowLevelInput {
  service: string;
  /** Of the superuser, who sees what there is. */
  adminUrl: string;
  /** As the service itself works. */
  workUrl: string;
  /** Whose rows shall be out of reach. */
  owner: string;
  intruder: string;
}

export interface RowLevelResult {
  tables: number;
  /** Tables in which the owner has rows, so that something was there to be reached. */
  filled: string[];
  empty: string[];
  statements: number;
  problems: string[];
}

/** PostgreSQL's word for "not yours": no grant, or against a policy. */
const REFUSED = '42501';
const NO_SETTING = '';

/** As if the service had no filter of its own: every table, read and written without one, as another organization and as none. */
export async function sweepRowLevel({ service, adminUrl, workUrl, owner, intruder }: RowLevelInput): Promise<RowLevelResult> {
  await using undo = new AsyncDisposableStack();
  const [admin, work] = await Promise.all([Object.assign(new URL(adminUrl), { pathname: `/${service}` }).href, workUrl].map(opened));
  undo.defer(() => admin!.end());
  undo.defer(() => work!.end());
  const result: RowLevelResult = { tables: 0, filled: [], empty: [], statements: 0, problems: [] };
  for (const { name } of (await admin!.query<{ name: string }>(TENANT_TABLES)).rows) {
    const table = pg.escapeIdentifier(name);
    const { rows } = await admin!.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t where org_id = $1 limit 1`, [owner]);
    result.tables += 1;
    (rows[0] ? result.filled : result.empty).push(`${service}.${name}`);
    for (const organization of [intruder, NO_SETTING]) {
      for (const [what, statement, values] of attacks(table, owner, rows[0] && { row: rows[0].row, columns: await columnsOf(admin!, name) })) {
        const reached = await attempt(work!, organization, statement, values);
        result.statements += 1;
        if (reached !== 0) result.problems.push(`${what} of ${service}.${name} as ${organization ? 'another' : 'no'} organization: ${reached}`);
      }
    }
  }
  return result;
}

async function opened(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** Each answers or counts the rows of the owner that it reached. */
function attacks(table: string, owner: string, copied: { row: string; columns: string } | undefined): [string, string, string[]][] {
  const reading: [string, string, string[]] = ['reading', `select count(*)::int as reached from (select * from ${table}) t where org_id = $1`, [owner]];
  const changing: [string, string, string[]] = ['changing', `update ${table} set org_id = org_id where org_id = $1`, [owner]];
  const deleting: [string, string, string[]] = ['deleting', `delete from ${table} where org_id = $1`, [owner]];
  if (!copied) return [reading, changing, deleting];
  const { row, columns } = copied;
  return [reading, changing, deleting, ['adding', `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1::jsonb)`, [row]]];
}

/** Those that can be given; the others PostgreSQL computes. */
async function columnsOf(admin: pg.Client, table: string): Promise<string> {
  const { rows } = await admin.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a'`,
    [pg.escapeIdentifier(table)],
  );
  return rows[0]!.columns;
}

/** How many rows were reached, or the word of an error that does not say "not yours". Nothing is kept. */
async function attempt(client: pg.Client, organization: string, statement: string, values: string[]): Promise<number | string> {
  await client.query('begin');
  try {
    if (organization !== NO_SETTING) await client.query(`select set_config('app.org_id', $1, true)`, [organization]);
    const { rows, rowCount } = await client.query<{ reached?: number }>(statement, values);
    return rows[0]?.reached ?? rowCount ?? 0;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === REFUSED) return 0;
    throw new Error(`${statement} could not be tried: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await client.query('rollback');
  }
}
