import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { openTinyDatabase, type TinyDatabase } from '../../testing/tiny-database.ts';
import { violates } from './database.ts';
import { inOrganization } from './organization.ts';
import { runPrepared, sendPrepared } from './prepared.ts';

/** Still at work when its connection is cut. */
const SLOW = { name: 'slow', text: 'insert into things (org_id, name) select $1, $2 from pg_sleep(0.2) where $2 <> \'lost\'' };
const ADD = { name: 'add', text: 'insert into things (org_id, name) values ($1, $2) returning name' };
let database: TinyDatabase;

beforeAll(async () => {
  database = await openTinyDatabase();
});

afterAll(() => database.stop());

const add = (organizationId: string, name: string) =>
  inOrganization(database.source, organizationId, (tx) => runPrepared(tx, ADD, [organizationId, name]));

async function namesOf(organizationId: string): Promise<string[]> {
  const rows: { name: string }[] = await database.admin.query('select name from things where org_id = $1 order by name', [organizationId]);
  return rows.map(({ name }) => name);
}

describe('a prepared statement', () => {
  it('answers its rows, each time with other values', async () => {
    const added = [await add('org_1', 'one'), await add('org_1', 'two')];

    expect(added.map(({ rows, rowCount }) => [rows, rowCount])).toEqual([
      [[{ name: 'one' }], 1],
      [[{ name: 'two' }], 1],
    ]);
    expect(await namesOf('org_1')).toEqual(['one', 'two']);
  });

  it('is there once on a connection, however often it runs', async () => {
    const statements = await inOrganization(database.source, 'org_2', async (tx) => {
      await runPrepared(tx, ADD, ['org_2', 'one']);
      await runPrepared(tx, ADD, ['org_2', 'two']);
      return tx.query('select name, statement from pg_prepared_statements where name = $1', ['add']);
    });

    expect(statements).toEqual([{ name: 'add', statement: ADD.text }]);
  });

  it('is undone with the transaction it ran in', async () => {
    const undone = inOrganization(database.source, 'org_3', async (tx) => {
      await runPrepared(tx, ADD, ['org_3', 'one']);
      throw new Error('changed my mind');
    });

    await expect(undone).rejects.toThrow('changed my mind');
    expect(await namesOf('org_3')).toEqual([]);
  });

  it('rejects with an error that tells which constraint it broke, and the connection goes on', async () => {
    await add('org_4', 'one');

    const error: unknown = await add('org_4', 'one').catch((thrown: unknown) => thrown);

    expect(violates(error, 'things_org_name_unique')).toBe(true);
    await add('org_4', 'two');
    expect(await namesOf('org_4')).toEqual(['one', 'two']);
  });
});

describe('a statement whose end need not be waited for', () => {
  it('is carried out although its process is killed as soon as it is sent', async () => {
    const url = new URL(database.places.url);
    url.searchParams.set('options', '-c role=test_tiny_worker');
    const child = fork(new URL('../../testing/die-after-sending.ts', import.meta.url), [url.href, 'org_5', 'told'], { execArgv: [] });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];

    expect([code, signal]).toEqual([null, 'SIGKILL']);
    while ((await namesOf('org_5')).length === 0) await wait(20);
    expect(await namesOf('org_5')).toEqual(['told']);
  });

  it('is said to be sent before it is carried out', async () => {
    const order: string[] = [];

    await sendPrepared(database.workers.manager, ADD, ['org_6', 'one'], () => order.push('sent')).then(() => order.push('done'));

    expect(order).toEqual(['sent', 'done']);
  });

  it('rejects with what it broke, and the pool goes on', async () => {
    const { manager } = database.workers;
    await sendPrepared(manager, ADD, ['org_7', 'one'], () => undefined);

    const error: unknown = await sendPrepared(manager, ADD, ['org_7', 'one'], () => undefined).catch((thrown: unknown) => thrown);

    expect(violates(error, 'things_org_name_unique')).toBe(true);
    expect(await namesOf('org_7')).toEqual(['one']);
  });

  it('rejects when its connection is lost, and the process and the pool go on', async () => {
    const way = await openWay(database.source);
    const lost = sendPrepared(way.source.manager, SLOW, ['org_8', 'lost'], () => way.cut()).catch((thrown: unknown) => thrown);

    expect(await lost).toHaveProperty('message');
    await sendPrepared(way.source.manager, ADD, ['org_8', 'kept'], () => undefined);
    expect(await namesOf('org_8')).toEqual(['kept']);
    await way.close();
  });
});

/** The same database through a way that can be cut: as PostgreSQL looks that was ended at once. */
async function openWay({ options }: DataSource) {
  const target = new URL((options as { url: string }).url);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const there = connect(Number(target.port), target.hostname);
    for (const one of [socket, there]) sockets.add(one.on('error', () => undefined));
    socket.pipe(there).pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = Object.assign(new URL(target), { hostname: '127.0.0.1', port: String((server.address() as AddressInfo).port) });
  const source = await new DataSource({ type: 'postgres', url: url.href, extra: { options: '-c role=test_tiny_worker' } }).initialize();
  return {
    source,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    close: async () => {
      await source.destroy();
      server.close();
    },
  };
}
