import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES } from '../../infra/local/services.ts';
import { Canaries } from './canaries.ts';
import { scanAnswerFiles, scanAnswers, scanFolder, scanMessages, scanMetrics, scanTrace } from './places.ts';
import { Scanner } from './scanner.ts';

/** As much as is read at once. */
const CHUNK_BYTES = 8 * 1024 * 1024;

const canaries = new Canaries();
const secret = canaries.make('bearer', 'secret');
let folder: string;
let scanner: Scanner;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-places-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function found(): string[] {
  return scanner.hits.map(({ place, where }) => `${place}: ${where}`);
}

describe('a planted secret is found', () => {
  it('in a file of a folder inside the folder, and not in one that is left out', () => {
    scanner = new Scanner(canaries.all);
    mkdirSync(join(folder, 'inside'));
    writeFileSync(join(folder, 'inside', 'a.log'), `{"authorization":"Bearer ${secret}"}`);
    writeFileSync(join(folder, 'b.log'), secret);

    scanFolder(scanner, 'logs', folder, (path) => path.endsWith('b.log'));

    expect(found()).toEqual(['logs: inside/a.log']);
  });

  it('across the end of what is read at once', () => {
    scanner = new Scanner(canaries.all);
    const large = join(folder, 'large');
    mkdirSync(large);
    writeFileSync(join(large, 'segment'), Buffer.concat([Buffer.alloc(CHUNK_BYTES - 30), Buffer.from(secret), Buffer.alloc(CHUNK_BYTES)]));

    scanFolder(scanner, 'files of PostgreSQL', large);

    expect(found()).toContain('files of PostgreSQL: segment');
  });

  it('in a message, with its subject, also in a header', () => {
    scanner = new Scanner(canaries.all);
    const file = join(folder, 'messages');
    writeFileSync(file, `MSG a.v1.clean _INBOX.1\n\n{}\nMSG a.v1.body \n\n{"x":"${secret}"}\nMSG a.v1.header \nx-token: ${secret}\n\n{}\n`);

    scanMessages(scanner, file);

    expect(found()).toEqual(['NATS messages: a.v1.body', 'NATS messages: a.v1.header']);
  });

  it('in what a nats-server writes down, with its subject, as it quotes it', () => {
    scanner = new Scanner(canaries.all);
    const file = join(folder, 'trace.log');
    const line = (text: string) => `[1] 2026/11/21 14:38:00.37 [TRC] 127.0.0.1:1 - cid:5 - "v3.4.0:nats.js" - <<- ${text}\n`;
    const body = JSON.stringify(JSON.stringify({ x: secret }));
    writeFileSync(file, [line('[PUB a.v1.clean _INBOX.1 2]'), line('MSG_PAYLOAD: ["{}"]'), line('[PUB a.v1.body 90]'), line(`MSG_PAYLOAD: [${body}]`), line('[PING]')].join(''));

    scanTrace(scanner, file);

    expect(found()).toEqual(['NATS messages: a.v1.body']);
  });

  it('in an answer that a test kept, with its route', () => {
    scanner = new Scanner(canaries.all);
    const kept = join(folder, 'answers');
    mkdirSync(kept);
    writeFileSync(join(kept, 'gateway-1'), `ANSWER GET /v1/clean\n{}\nANSWER POST /v1/x/conn_0123456789\n${JSON.stringify({ secret })}\n`);

    scanAnswerFiles(scanner, kept);

    expect(found()).toEqual(['HTTP answers: POST /v1/x/conn_*']);
  });

  it('in an answer, with its route', () => {
    scanner = new Scanner(canaries.all);

    scanAnswers(scanner, [{ route: 'GET /v1/x', bytes: Buffer.from(`HTTP 302 Found\nlocation: /?was=${encodeURIComponent(secret)}\n\n`) }]);

    expect(found()).toEqual(['HTTP answers: GET /v1/x']);
  });
});

describe('the metrics of the platform', () => {
  const METRICS = 'process_cpu_seconds_total 0.5\n';

  /** As many services as there are, that each answer with this. */
  async function scanOf(answers: Record<string, string>, names = SERVICES.map(({ name }) => name)): Promise<number> {
    await using undo = new AsyncDisposableStack();
    const services: Record<string, { port: number }> = {};
    for (const name of names) {
      const server = createServer((_request, response) => response.writeHead(name in answers && !answers[name] ? 404 : 200).end(answers[name] ?? METRICS));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      undo.defer(async () => {
        server.close().closeAllConnections();
        await once(server, 'close');
      });
      services[name] = { port: (server.address() as AddressInfo).port };
    }
    // Before the servers are closed.
    return await scanMetrics(scanner, services);
  }

  it('are read from all services, and a planted secret is found', async () => {
    scanner = new Scanner(canaries.all);

    expect(await scanOf({ runner: `${METRICS}x{token="${secret}"} 1\n` })).toBe(9);
    expect(found()).toEqual(['metrics: runner']);
  });

  it.each([
    ['is missing', { runner: '' }],
    ['is a page', { runner: '<!doctype html>' }],
  ])('are an error when that of one service %s', async (_how, answers) => {
    await expect(scanOf(answers)).rejects.toThrow('runner shows no metrics at /metrics');
  });

  it('are an error when a service does not run', async () => {
    await expect(scanOf({}, ['runner'])).rejects.toThrow('credentials, catalog');
  });
});
