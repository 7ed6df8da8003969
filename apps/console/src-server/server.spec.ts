import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const SERVER = fileURLToPath(new URL('../dist-server/server.js', import.meta.url));

type Server = ChildProcessByStdio<null, Readable, Readable>;
let server: Server | undefined;

afterEach(() => {
  server?.kill('SIGKILL');
});

function startServer(environment: Record<string, string>): Server {
  server = spawn(process.execPath, [SERVER], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  return server;
}

async function listeningUrl({ stdout }: Server): Promise<string> {
  for await (const line of stdout.setEncoding('utf8')) {
    const found = /Server listening at (http:[^"]+)/.exec(String(line))?.[1];
    if (found) return found;
  }
  throw new Error('The server ended before it listened.');
}

describe('the server', () => {
  it('serves the built console and its metrics, and ends with 0 on SIGTERM', async () => {
    const running = startServer({ CONSOLE_PORT: '0' });
    const ended = once(running, 'exit');

    const url = await listeningUrl(running);
    const page = await fetch(url);
    const html = await page.text();
    const metrics = await (await fetch(`${url}/metrics`)).text();
    running.kill('SIGTERM');

    expect(page.status).toBe(200);
    expect(html).toMatch(/<script type="module" crossorigin src="\/assets\/[^"]+\.js">/);
    expect(metrics).toMatch(/^process_resident_memory_bytes [1-9]/m);
    expect(await ended).toEqual([0, null]);
  });

  it.each([
    [{ CONSOLE_PORT: 'many' }, 'CONSOLE_PORT is not a port number'],
    [{ CONSOLE_PORT: '0', CONSOLE_HOST: '' }, 'CONSOLE_HOST is empty'],
  ])('ends with 1 and a reason for %p', async (environment, reason) => {
    const failing = startServer(environment);
    const [said, [code]] = await Promise.all([failing.stderr.setEncoding('utf8').toArray(), once(failing, 'exit')]);

    expect(code).toBe(1);
    expect(said.join('')).toContain(reason);
  });

  it('names a port that is taken and the variable that moves it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const failing = startServer({ CONSOLE_PORT: String(port) });
    const [said, [code]] = await Promise.all([failing.stderr.setEncoding('utf8').toArray(), once(failing, 'exit')]);
    other.close();

    expect(code).toBe(1);
    expect(said.join('')).toContain(`cannot listen on 127.0.0.1:${port}: the port is taken. Set CONSOLE_PORT`);
  });
});
