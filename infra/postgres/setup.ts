// What docker-compose.yml runs once PostgreSQL is up, at every `up`: a database and a role for each service, as the
// embedded stack makes them. A service that is added later gets its own without anybody touching the others.
import { ensureDatabases } from '../local/postgres-databases.ts';
import { findJson } from '../local/private-file.ts';
import type { Secrets } from '../local/secrets.ts';
import { volumesIn } from '../nats/volumes.ts';

const { PATCHBAY_VOLUMES = '/patchbay', DATABASE_URL } = process.env;
if (!DATABASE_URL) throw new Error('DATABASE_URL is missing: an administrator of the PostgreSQL server.');

const file = volumesIn(PATCHBAY_VOLUMES).secrets;
const secrets = findJson<Secrets>(file);
if (!secrets) throw new Error(`There is no ${file}: infra/nats/setup.ts makes it and has to run first.`);

const admin = new URL(DATABASE_URL);
admin.password ||= secrets.postgres.superuser;
await ensureDatabases(admin.href, secrets.postgres.roles);
console.log(`Databases and roles are in place: ${Object.keys(secrets.postgres.roles).join(', ')}.`);
