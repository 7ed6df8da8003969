import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { buildPages } from './pages.ts';

const INDEX = '<!doctype html><title>Patchbay</title>';

let folder: string;
let pages: FastifyInstance;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-pages-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), INDEX);
  await writeFile(join(folder, 'assets/index-a1b2c3.js'), 'export {};');
  pages = await buildPages({ folder });
  url = await pages.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await pages.close();
  await rm(folder, { recursive: true });
});

/** Sends the path as it is written: fetch would tidy it up first. */
function getRaw(path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { path, agent: false }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (part: string) => (body += part));
      reply.on('end', () => resolve({ status: reply.statusCode, body }));
    });
    asked.on('error', reject).end();
  });
}

describe('the pages', () => {
  it.each(['/', '/calls/ses_0198c', '/calls/ses_0198c?trace=ab', '/anything'])(
    'answers %s with the console',
    async (path) => {
      const reply = await fetch(url + path);

      expect([reply.status, await reply.text()]).toEqual([200, INDEX]);
      expect(reply.headers.get('content-type')).toContain('text/html');
      expect(reply.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('lets a browser keep files whose name changes with their content', async () => {
    const reply = await fetch(`${url}/assets/index-a1b2c3.js`);

    expect([reply.status, await reply.text()]).toEqual([200, 'export {};']);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/assets/index-000000.js', '/favicon.ico', '/.env'])('has no %s', async (path) => {
    const reply = await fetch(url + path);

    expect(reply.status).toBe(404);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(await reply.json()).toMatchObject({ code: 'not_found' });
  });

  it('does not answer for the API with a page', async () => {
    const reply = await fetch(`${url}/v1/caller`);

    expect([reply.status, await reply.json()]).toEqual([
      404,
      {
        code: 'not_found',
        message: 'The console has no GET /v1/caller. It serves pages only; the API is at the gateway.',
      },
    ]);
  });

  it('refuses what is not a read', async () => {
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(404);
  });

  it.each(['/../package.json', '/assets/../../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json'])(
    'never leaves its folder for %s',
    async (path) => {
      const { status, body } = await getRaw(path);

      expect(status).not.toBe(200);
      expect(body).not.toContain('"name"');
    },
  );

  it.each(['/', '/assets/index-a1b2c3.js', '/missing.js', '/health'])('sends %s with a strict policy', async (path) => {
    const { headers } = await fetch(url + path);

    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it.each(['/health', '/ready'])('is well at %s', async (path) => {
    const reply = await fetch(url + path);

    expect([reply.status, await reply.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('says what to do when the console was not built', async () => {
    await expect(buildPages({ folder: join(folder, 'assets') })).rejects.toThrow('build the console first');
  });
});
