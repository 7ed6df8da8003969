import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '@patchbay/contracts/connections';
import { setOAuthScene } from '../testing/oauth-scene.ts';

/** A process loads for seconds when the machine is busy. */
const START_TIMEOUT_MS = 120_000;
const MAIN = new URL('../dist/main.js', import.meta.url).pathname;

const scene = setOAuthScene({ loops: false });
const processes: ChildProcess[] = [];

/** One more process of the service, as it is deployed. */
async function startProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN], { env: { ...scene.running.values, LOG_LEVEL: 'info' }, stdio: ['ignore', 'pipe', 'pipe'] });
  processes.push(child);
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the process ended:\n${log}`)));
  ended.catch(() => undefined);
  await Promise.race([ended, untilReady(child)]);
  return child;
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('"msg":"ready"')) resolve();
    });
  });
}

/** As the kernel does when memory runs out: no last word. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function killAll(): Promise<void> {
  await Promise.all(processes.splice(0).map(kill));
  await untilNoneIsLeft();
}

/** NATS hands requests to a process that was killed a moment ago until it has noticed: nobody would answer what a test asks then. */
async function untilNoneIsLeft(): Promise<void> {
  for (let answered = 0; answered < 10; ) {
    const isAnswered = await scene.running.client.prepareSecret({}, { timeoutMs: 250 }).then(
      () => true,
      () => false,
    );
    answered = isAnswered ? answered + 1 : 0;
  }
}

const show = (figure: string) => process.stdout.write(`${figure}\n`);
const refreshes = () => scene.provider.refreshTokensShown;
const set = ({ connectionId }: Connection, columns: string) =>
  scene.running.query(`update connection_tokens set ${columns} where connection_id = $1`, [connectionId]);

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setImmediate();
}

describe('three processes', () => {
  // This one is the third.
  beforeAll(() => Promise.all([startProcess(), startProcess()]), START_TIMEOUT_MS);
  afterAll(killAll);

  it.each(['none', 'strict'] as const)('send one refresh for thirty that are asked for at once (rotation: %s)', async (rotation) => {
    scene.provider.issued.rotation = rotation;
    const connection = await scene.ours.connectedAMinuteAgo();
    const { arrived, release } = scene.provider.hold();

    const asked = Array.from({ length: 30 }, () => scene.ours.refresh(connection));
    await arrived;
    release();
    const refreshed = await Promise.all(asked);

    show(`${asked.length} refreshes asked of 3 processes (rotation: ${rotation}): the token end point saw ${refreshes().length}`);
    expect(refreshes()).toHaveLength(1);
    expect(new Set(refreshed.map(({ health, expiresAt }) => `${health} ${expiresAt}`)).size).toBe(1);
    expect(scene.provider.issued.knows((await scene.ours.token(connection))!)).toBe(true);
  });

  it('refresh what is due once each', async () => {
    scene.provider.issued.rotation = 'strict';
    const connections = [await scene.ours.connected(), await scene.ours.connected(), await scene.ours.connected(), await scene.ours.connected()];

    await scene.running.query('update connection_tokens set refresh_at = now() where org_id = $1', [scene.ours.organizationId]);
    await Promise.all([
      scene.loop.tick(new Date()),
      ...connections.map((connection) => until(async () => (await scene.ours.row(connection))['version'] === 2)),
    ]);

    expect(refreshes()).toHaveLength(connections.length);
  });
});

describe('a process that is killed while the provider answers', () => {
  afterEach(killAll);

  /** The provider has worked on the refresh, and nobody has read its answer. */
  async function killInTheMiddle(connection: Connection): Promise<void> {
    const { arrived } = scene.provider.hold();
    await startProcess();
    await set(connection, 'refresh_at = now()');
    await arrived;
    await killAll();
  }
  /** As it is after fifteen seconds. */
  const endLease = (connection: Connection) => set(connection, `lease_until = now() - interval '1 second'`);

  it.each(['none', 'grace'] as const)(
    'loses no refresh token (rotation: %s)',
    async (rotation) => {
      scene.provider.issued.rotation = rotation;
      const connection = await scene.ours.connected();
      const before = await scene.ours.token(connection);

      await killInTheMiddle(connection);
      const left = await scene.ours.row(connection);
      await endLease(connection);
      await scene.loop.tick(new Date());
      const after = await scene.ours.token(connection);
      // The next one works too: nothing of the family was lost.
      await scene.ours.age(connection, '1 minute');
      const next = await scene.ours.refresh(connection);

      show(`kill -9 in the middle of a refresh (rotation: ${rotation}): refreshed ${refreshes().length - 1} times since, health ${next.health}`);
      expect(left).toMatchObject({ version: 1, lease_id: expect.any(String) });
      expect(after).not.toBe(before);
      expect(scene.provider.issued.knows(after!)).toBe(true);
      expect(next).toMatchObject({ health: 'healthy' });
      expect(refreshes()).toHaveLength(3);
    },
    START_TIMEOUT_MS,
  );

  it(
    'is waited for no longer than its lease, and says so where the provider takes no replaced token back',
    async () => {
      scene.provider.issued.rotation = 'strict';
      const connection = await scene.ours.connectedAMinuteAgo();
      await killInTheMiddle(connection);

      const refused = scene.ours.refresh(connection).catch((error: unknown) => error);
      await endLease(connection);

      expect(await refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('cut off') });
      expect(await scene.ours.get(connection)).toMatchObject({ health: 'reconnect_required' });
      expect(await scene.ours.connect(connection.connectionId)).toMatchObject({ health: 'healthy' });
    },
    START_TIMEOUT_MS,
  );
});
