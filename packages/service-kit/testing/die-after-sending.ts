// Sends one slow insert and is killed in the moment in which it is on its way. Arguments: the database's URL, an organization, a name.
import { DataSource } from 'typeorm';
import { sendPrepared } from '../src/database/prepared.ts';

const [, , url, organizationId, name] = process.argv;
const source = await new DataSource({ type: 'postgres', url: url! }).initialize();
const statement = { name: 'slow', text: 'insert into things (org_id, name) select $1, $2 from pg_sleep(0.2)' };
await sendPrepared(source.manager, statement, [organizationId, name], () => process.kill(process.pid, 'SIGKILL'));
