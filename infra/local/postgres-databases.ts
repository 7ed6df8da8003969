import pg from 'pg';

const LOWEST_VERSION = 15;

/**
 * Gives each service a database and a role of its own: the role owns the database, is no superuser, and no other role
 * may connect to it. Safe to repeat; passwords are set every time, so that a new data folder can take a server over.
 *
 * @param adminUrl of a superuser, or of a role with CREATEDB and CREATEROLE
 * @param passwords by service, which is also the name of its role and of its database
 */
export async function ensureDatabases(adminUrl: string, passwords: Record<string, string>): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect().catch((error: Error) => {
    throw new Error(`No connection to PostgreSQL at ${withoutPassword(adminUrl)}: ${error.message}`, { cause: error });
  });
  try {
    await requireVersion(admin);
    for (const [name, password] of Object.entries(passwords)) {
      await ensureRole(admin, name, password);
      await ensureDatabase(admin, name);
    }
  } catch (error) {
    throw isForbidden(error) ? new Error(forbiddenText(adminUrl, error), { cause: error }) : error;
  } finally {
    await admin.end();
  }
}

/** The URL with which one service reaches its database on the same server. */
export function serviceDatabaseUrl(adminUrl: string, name: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}

async function requireVersion(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ server_version: string }>('show server_version');
  const version = rows[0]!.server_version;
  if (Number.parseInt(version, 10) >= LOWEST_VERSION) return;
  throw new Error(`PostgreSQL ${version} is too old: Patchbay needs ${LOWEST_VERSION} or later.`);
}

async function ensureRole(admin: pg.Client, name: string, password: string): Promise<void> {
  const role = admin.escapeIdentifier(name);
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [name]);
  if (!rowCount) await admin.query(`create role ${role}`);
  await admin.query(`alter role ${role} login password ${admin.escapeLiteral(password)}`);
}

async function ensureDatabase(admin: pg.Client, name: string): Promise<void> {
  const identifier = admin.escapeIdentifier(name);
  const { rows } = await admin.query<{ open: boolean }>(
    "select has_database_privilege('public', oid, 'connect') as open from pg_database where datname = $1",
    [name],
  );
  if (rows[0]?.open === false) return;
  // An administrator that is no superuser may do this only for a role that it belongs to.
  await admin.query(`grant ${identifier} to current_user`);
  if (!rows[0]) await admin.query(`create database ${identifier} owner ${identifier}`);
  await admin.query(`revoke all on database ${identifier} from public`);
  await admin.query(`revoke ${identifier} from current_user`);
}

function isForbidden(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === '42501';
}

function forbiddenText(adminUrl: string, { message }: Error): string {
  return `The role of DATABASE_URL (${withoutPassword(adminUrl)}) may not make the services' databases and roles: ${message}. It must be a superuser, or have CREATEDB and CREATEROLE and have made those roles itself.`;
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = '';
  return url.href;
}
