import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataDirFrom, pathsIn } from './paths.ts';
import { findNatsBinary } from './nats-server.ts';
import { isAlive } from './processes.ts';
import { DataFolderInUse, readRunning } from './running.ts';
import type { ServiceSpec } from './services.ts';
import { startStack, type Stack } from './stack.ts';
import { makeScratchFolder } from './testing/scratch-folder.ts';
import { StandInRegister } from './testing/stand-in-register.ts';

const START_MS = 60_000;
const standIn = join(dirname(fileURLToPath(import.meta.url)), 'testing', 'stand-in-service.mjs');
const services: ServiceSpec[] = ['gateway', 'console', 'credentials', 'runner', 'observability'].map(
  (name, stopRank) => ({
    name,
    entry: standIn,
    database: !['gateway', 'console'].includes(name),
    nats: name !== 'console',
    stopRank,
  }),
);

const folder = makeScratchFolder();
const register = new StandInRegister();
let env: NodeJS.ProcessEnv = {};
let stack: Stack;

beforeAll(async () => {
  const nats =
    process.env.PATCHBAY_NATS_SERVER ??
    (await findNatsBinary({ env: process.env, binDir: pathsIn(dataDirFrom({})).bin, note: () => {} }));
  const ports = [...services.map(({ name }) => name), 'postgres', 'nats'].map((name) => [
    `${name.toUpperCase()}_PORT`,
    '0',
  ]);
  env = {
    ...Object.fromEntries(ports),
    PATH: `${dirname(nats)}:${process.env.PATH}`,
    PATCHBAY_DATA: folder.path,
    NODE_STAND_IN_REGISTER: await register.open(),
    SOMEBODYS_TOKEN: 'not for services',
  };
  stack = await startStack({ env, services });
}, START_MS);

afterAll(async () => {
  await stack?.stop();
  await register.close();
  folder.remove();
});

describe('the stack', () => {
  it('is found by other programs while it runs', async () => {
    expect(await readRunning(folder.path)).toEqual(stack.running);
    expect(Object.keys(stack.running.services).toSorted()).toEqual(services.map(({ name }) => name).toSorted());
  });

  it('is not started twice on the same data', async () => {
    await expect(startStack({ env: { ...env }, services })).rejects.toThrow(DataFolderInUse);
    expect(await readRunning(folder.path)).toBeDefined();
  });

  it('gives a service its own database, its own login, and no other variable of the terminal', () => {
    const runner = register.reports.find(({ name }) => name === 'runner')!.env;

    expect(new URL(runner.DATABASE_URL!).username).toBe('runner');
    expect(runner.NATS_CREDS).toBe(join(folder.path, 'nats', 'creds', 'runner.creds'));
    expect(runner.EGRESS_ALLOW_HTTP).toBe('true');
    expect(runner.SOMEBODYS_TOKEN).toBeUndefined();
    expect(runner.CREDENTIALS_KEYRING_FILE).toBeUndefined();
  });

  it('gives the credentials service the keyring, the first key, and a key that signs edges', () => {
    const { env: credentials } = register.reports.find(({ name }) => name === 'credentials')!;
    const keyring = JSON.parse(readFileSync(credentials.CREDENTIALS_KEYRING_FILE!, 'utf8')) as { primary: string; keys: Record<string, string> };

    expect(Buffer.from(keyring.keys[keyring.primary]!, 'base64')).toHaveLength(32);
    expect(credentials.CREDENTIALS_FIRST_API_KEY).toMatch(/^pbk_[a-z0-9]{16}_[A-Za-z0-9]{43}$/);
    expect(credentials.CREDENTIALS_NATS_ACCOUNT_SEED).toMatch(/^SA/);
    expect(readFileSync(pathsIn(folder.path).natsConfig, 'utf8')).toContain(credentials.CREDENTIALS_NATS_ACCOUNT);
  });

  it('starts a service again that was ended, and says so in running.json', async () => {
    const before = stack.running.services.runner!.pid;
    const again = register.next('runner');

    process.kill(before, 'SIGTERM');
    const { pid } = await again;

    expect(pid).not.toBe(before);
    expect((await readRunning(folder.path))?.services.runner?.pid).toBe(pid);
  });

  it('leaves nothing running when it stops, and comes back with its secrets', async () => {
    const { apiKey, services: stopped } = stack.running;

    await stack.stop();
    expect(Object.values(stopped).filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(['running', 'lock', 'processes'].filter((name) => existsSync(join(folder.path, `${name}.json`)))).toEqual(
      [],
    );

    stack = await startStack({ env, services });
    expect(stack.running.apiKey).toBe(apiKey);
  });

  it('shows the log of a service that ends before it is ready, and stops the others', async () => {
    await stack.stop();
    const broken = join(folder.path, 'broken.mjs');
    writeFileSync(broken, "console.error('RUNNER_TIMEOUT_MS must be a number'); process.exit(1)");
    const withBroken = services.map((service) => (service.name === 'runner' ? { ...service, entry: broken } : service));

    const start = startStack({ env, services: withBroken });

    await expect(start).rejects.toThrow(
      /runner exited with code 1 before it was ready.*RUNNER_TIMEOUT_MS must be a number/s,
    );
    expect(existsSync(join(folder.path, 'processes.json'))).toBe(false);
  });
});
