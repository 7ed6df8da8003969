import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@patchbay/contracts/connections';
import { FakeOAuthProvider } from '../testing/fake-oauth-provider.ts';
import { OAUTH_ENV, OAuthConnections } from '../testing/oauth-connections.ts';
import { runCredentials, type RunningCredentials } from '../testing/running-credentials.ts';
import { RefreshTokens } from './loops/refresh-tokens.ts';

/** A process loads for seconds when the machine is busy. */
const START_TIMEOUT_MS = 120_000;
const MAIN = new URL('../dist/main.js', import.meta.url).pathname;

let running: RunningCredentials;
let provider: FakeOAuthProvider;
let ours: OAuthConnections;
const processes: ChildProcess[] = [];
beforeAll(async () => {
  running = await runCredentials(OAUTH_ENV);
  // Each test says itself when the loop of this process comes round.
  await loop().beforeApplicationShutdown();
});
beforeEach(async () => {
  provider = await FakeOAuthProvider.start();
  const { organizationId } = await running.client.createOrganization({ name: provider.url });
  ours = new OAuthConnections(running, provider, organizationId);
});
afterEach(() => provider.stop());
afterAll(() => running.stop());

/** One more process of the service, as it is deployed. */
async function startProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN], { env: { ...running.values, LOG_LEVEL: 'info' }, stdio: ['ignore', 'pipe', 'pipe'] });
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
    const isAnswered = await running.client.prepareSecret({}, { timeoutMs: 250 }).then(
      () => true,
      () => false,
    );
    answered = isAnswered ? answered + 1 : 0;
  }
}

const loop = () => running.service.app.get(RefreshTokens);
const show = (figure: string) => process.stdout.write(`${figure}\n`);
const refreshes = () => provider.refreshTokensShown;
const set = ({ connectionId }: Connection, columns: string) =>
  running.query(`update connection_tokens set ${columns} where connection_id = $1`, [connectionId]);

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setImmediate();
}

describe('three processes', () => {
  // This one is the third.
  beforeAll(() => Promise.all([startProcess(), startProcess()]), START_TIMEOUT_MS);
  afterAll(killAll);

  it.each(['none', 'strict'] as const)('send one refresh for thirty that are asked for at once (rotation: %s)', async (rotation) => {
    provider.rotation = rotation;
    const connection = await ours.connectedAMinuteAgo();
    const { arrived, release } = provider.hold();

    const asked = Array.from({ length: 30 }, () => ours.refresh(connection));
    await arrived;
    release();
    const refreshed = await Promise.all(asked);

    show(`${asked.length} refreshes asked of 3 processes (rotation: ${rotation}): the token end point saw ${refreshes().length}`);
    expect(refreshes()).toHaveLength(1);
    expect(new Set(refreshed.map(({ health, expiresAt }) => `${health} ${expiresAt}`)).size).toBe(1);
    expect(provider.knows((await ours.token(connection))!)).toBe(true);
  });

  it('refresh what is due once each', async () => {
    provider.rotation = 'strict';
    const connections = [await ours.connected(), await ours.connected(), await ours.connected(), await ours.connected()];

    await running.query('update connection_tokens set refresh_at = now() where org_id = $1', [ours.organizationId]);
    await Promise.all([
      loop().tick(new Date()),
      ...connections.map((connection) => until(async () => (await ours.row(connection))['version'] === 2)),
    ]);

    expect(refreshes()).toHaveLength(connections.length);
  });
});

describe('a process that is killed while the provider answers', () => {
  afterEach(killAll);

  /** The provider has worked on the refresh, and nobody has read its answer. */
  async function killInTheMiddle(connection: Connection): Promise<void> {
    const { arrived } = provider.hold();
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
      provider.rotation = rotation;
      const connection = await ours.connected();
      const before = await ours.token(connection);

      await killInTheMiddle(connection);
      const left = await ours.row(connection);
      await endLease(connection);
      await loop().tick(new Date());
      const after = await ours.token(connection);
      // The next one works too: nothing of the family was lost.
      await ours.age(connection, '1 minute');
      const next = await ours.refresh(connection);

      show(`kill -9 in the middle of a refresh (rotation: ${rotation}): refreshed ${refreshes().length - 1} times since, health ${next.health}`);
      expect(left).toMatchObject({ version: 1, lease_id: expect.any(String) });
      expect(after).not.toBe(before);
      expect(provider.knows(after!)).toBe(true);
      expect(next).toMatchObject({ health: 'healthy' });
      expect(refreshes()).toHaveLength(3);
    },
    START_TIMEOUT_MS,
  );

  it(
    'is waited for no longer than its lease, and says so where the provider takes no replaced token back',
    async () => {
      provider.rotation = 'strict';
      const connection = await ours.connectedAMinuteAgo();
      await killInTheMiddle(connection);

      const refused = ours.refresh(connection).catch((error: unknown) => error);
      await endLease(connection);

      expect(await refused).toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('cut off') });
      expect(await ours.get(connection)).toMatchObject({ health: 'reconnect_required' });
      expect(await ours.connect(connection.connectionId)).toMatchObject({ health: 'healthy' });
    },
    START_TIMEOUT_MS,
  );
});
