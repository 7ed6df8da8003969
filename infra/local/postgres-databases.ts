import pg from 'pg';

const LOWEST_VERSION = 15;

/**
 * Gives each service a database and roles of its own, none a superuser, and no role of another may connect to it: `<service>` for its work,
 * `<service>_owner`, which owns the tables and migrates them, and `<service>_worker`, which `<service>` takes on for work over all
 * organizations. Safe to repeat; passwords are set every time, so that a new data folder can take a server over.
 *
 * @param adminUrl of a superuser, or of a role with CREATEDB and CREATEROLE
 * @param passwords by role: `<service>` and `<service>_owner`; a service whose owner has none owns its tables itself
 */
export async function ensureDatabases(adminUrl: string, passwords: Record<string, string>): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect().catch((error: Error) => {
    throw new Error(`No connection to PostgreSQL at ${withoutPassword(adminUrl)}: ${error.message}`, { cause: error });
  });
  try {
    await requireVersion(admin);
    for (const service of Object.keys(passwords).filter((role) => !role.endsWith(OWNER))) {
      await ensureDatabase(admin, adminUrl, service, await ensureRoles(admin, service, passwords));
    }
  } catch (error) {
    throw isForbidden(error) ? new Error(forbiddenText(adminUrl, error), { cause: error }) : error;
  } finally {
    await admin.end();
  }
}

/** What `passwords` of `ensureDatabases` needs of a service. */
export function rolesOf(service: string): string[] {
  return [service, `${service}${OWNER}`];
}

const OWNER = '_owner';

/** The URLs with which one service reaches its database on the same server: for its work, and for its migrations. */
export function serviceDatabaseUrls(adminUrl: string, service: string, passwords: Record<string, string>): { work: string; migration?: string } {
  const urlOf = (role: string) => {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = passwords[role]!;
    url.pathname = `/${service}`;
    return url.href;
  };
  const owner = `${service}${OWNER}`;
  return { work: urlOf(service), ...(passwords[owner] ? { migration: urlOf(owner) } : {}) };
}

async function requireVersion(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ server_version: string }>('show server_version');
  const version = rows[0]!.server_version;
  if (Number.parseInt(version, 10) >= LOWEST_VERSION) return;
  throw new Error(`PostgreSQL ${version} is too old: Patchbay needs ${LOWEST_VERSION} or later.`);
}

/** @returns the role that is to own the database. */
async function ensureRoles(admin: pg.Client, service: string, passwords: Record<string, string>): Promise<string> {
  const [owner, worker] = [`${service}${OWNER}`, `${service}_worker`];
  if (!passwords[owner]) {
    await ensureRole(admin, service, `login password ${admin.escapeLiteral(passwords[service]!)}`);
    return service;
  }
  await ensureRole(admin, owner, `login password ${admin.escapeLiteral(passwords[owner])}`);
  // Without `noinherit` it would have the rights of its worker all the time, and see every organization.
  await ensureRole(admin, service, `login noinherit password ${admin.escapeLiteral(passwords[service]!)}`);
  await ensureRole(admin, worker, 'nologin');
  await admin.query(`grant ${admin.escapeIdentifier(worker)} to ${admin.escapeIdentifier(service)}`);
  return owner;
}

async function ensureRole(admin: pg.Client, name: string, attributes: string): Promise<void> {
  const role = admin.escapeIdentifier(name);
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [name]);
  if (!rowCount) await admin.query(`create role ${role}`);
  await admin.query(`alter role ${role} ${attributes}`);
}

async function ensureDatabase(admin: pg.Client, adminUrl: string, name: string, owner: string): Promise<void> {
  const identifier = admin.escapeIdentifier(name);
  const found = await findDatabase(admin, name);
  if (found && !found.open && found.owner === owner && found.usable) return;
  // An administrator that is no superuser may do this only for roles that it belongs to.
  const roles = [...new Set([name, owner])].map((role) => admin.escapeIdentifier(role)).join(', ');
  await admin.query(`grant ${roles} to current_user`);
  if (!found) await admin.query(`create database ${identifier} owner ${admin.escapeIdentifier(owner)}`);
  await admin.query(`revoke all on database ${identifier} from public`);
  if (found && found.owner !== owner) await handOver(adminUrl, name, owner);
  await admin.query(`grant connect on database ${identifier} to ${identifier}`);
  await admin.query(`revoke ${roles} from current_user`);
}

interface FoundDatabase {
  owner: string;
  /** To every role of the server. */
  open: boolean;
  /** For the service. */
  usable: boolean;
}

async function findDatabase(admin: pg.Client, name: string): Promise<FoundDatabase | undefined> {
  const { rows } = await admin.query<FoundDatabase>(
    `select pg_get_userbyid(datdba) as owner, has_database_privilege('public', oid, 'connect') as open,
      has_database_privilege(datname, oid, 'connect') as usable from pg_database where datname = $1`,
    [name],
  );
  return rows[0];
}

/** An earlier release let a service own its tables. */
async function handOver(adminUrl: string, name: string, owner: string): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const inside = new pg.Client({ connectionString: url.href });
  await inside.connect();
  try {
    await inside.query(`reassign owned by ${inside.escapeIdentifier(name)} to ${inside.escapeIdentifier(owner)}`);
  } finally {
    await inside.end();
  }
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
