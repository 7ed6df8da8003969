import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathsIn } from './paths.ts';
import { writePrivateJson } from './private-file.ts';
import {
  DataFolderInUse,
  findHolder,
  lockDataFolder,
  readRunning,
  removeRunning,
  writeRunning,
  type Running,
} from './running.ts';
import { makeScratchFolder } from './testing/scratch-folder.ts';

const folder = makeScratchFolder();
const dataDir = folder.path;
const api = createServer((_request, response) => response.end());
let url = '';
let deadPid = 0;

beforeAll(async () => {
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const shortLived = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  deadPid = shortLived.pid!;
  await once(shortLived, 'exit');
});

afterAll(async () => {
  api.close();
  api.closeAllConnections();
  await once(api, 'close');
  folder.remove();
});

describe('running.json', () => {
  it('tells where the platform is while its process lives and its API answers', async () => {
    writeRunning(dataDir, running({ pid: process.pid, url }));

    expect((await readRunning(dataDir))?.url).toBe(url);
    expect(statSync(pathsIn(dataDir).running).mode & 0o777).toBe(0o600);
  });

  it('is stale when the process is gone', async () => {
    writeRunning(dataDir, running({ pid: deadPid, url }));

    expect(await readRunning(dataDir)).toBeUndefined();
  });

  it('is stale when a process has the pid but no API answers', async () => {
    writeRunning(dataDir, running({ pid: process.pid, url: 'http://127.0.0.1:1' }));

    expect(await readRunning(dataDir)).toBeUndefined();
  });

  it('is gone after a stop', async () => {
    removeRunning(dataDir);

    expect(await readRunning(dataDir)).toBeUndefined();
  });
});

describe('the lock of a data folder', () => {
  it('belongs to one process at a time, and is given back', async () => {
    const holder = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const commandLine = `${process.execPath} -e process.stdin.resume()`;
    writePrivateJson(pathsIn(dataDir).lock, { pid: holder.pid, commandLine });
    await once(holder, 'spawn');

    expect(() => lockDataFolder(dataDir)).toThrow(DataFolderInUse);
    holder.stdin.end();
    await once(holder, 'exit');
    expect(findHolder(dataDir)).toBeUndefined();
    const release = lockDataFolder(dataDir);
    expect(JSON.parse(readFileSync(pathsIn(dataDir).lock, 'utf8'))).toMatchObject({ pid: process.pid });
    release();
    expect(existsSync(pathsIn(dataDir).lock)).toBe(false);
  });

  it('is taken over when its pid now belongs to another program', () => {
    writePrivateJson(pathsIn(dataDir).lock, { pid: process.ppid, commandLine: 'node something-else.ts' });

    const release = lockDataFolder(dataDir);

    expect(findHolder(dataDir)).toBe(process.pid);
    release();
  });
});

function running(some: Partial<Running>): Running {
  const rest = { startedAt: '', consoleUrl: '', natsUrl: '', apiKey: '', otlpUrl: '', services: {} };
  return { pid: 0, url: '', ...rest, ...some };
}
