import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { type LocalServer, startHttp, startTcp } from '../fixtures/local-server.ts';
import { get, loopbackSender, requireAnswer, requireFailure } from '../fixtures/senders.ts';
import type { HttpSender } from './http-sender.ts';

describe('http sender and an answer that points inside', () => {
  let trap: LocalServer;
  let server: LocalServer;
  let sender: HttpSender;
  let respond: RequestListener;

  beforeAll(async () => {
    trap = await startTcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntrap'), '');
  });

  beforeEach(async () => {
    server = await startHttp((request, response) => respond(request, response));
    sender = loopbackSender();
  });

  afterEach(async () => {
    await sender.close();
    await server.close();
  });

  afterAll(() => trap.close());

  const url = (): string => `http://127.0.0.1:${server.port}/orders/1`;

  it.each([301, 302, 303, 307, 308])(
    'does not follow a %i, not even to an address that it could reach',
    async (status) => {
      respond = (_request, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${trap.port}/latest/meta-data` }).end('moved');

      const answer = requireAnswer(
        await sender.send(get(url(), { headers: { authorization: 'Bearer tok_12345678' } })),
      );

      expect(answer).toMatchObject({ status, redirectRefused: true });
      expect(trap.connections).toHaveLength(0);
    },
  );

  it.each([
    ['refresh', { refresh: `0; url=http://127.0.0.1:TRAP/` }],
    ['link', { link: '<http://127.0.0.1:TRAP/>; rel=preconnect' }],
    ['alt-svc', { 'alt-svc': 'h2="127.0.0.1:TRAP"; ma=3600' }],
    ['content-location', { 'content-location': 'http://127.0.0.1:TRAP/' }],
  ])('does nothing about the header %s', async (_name, headers) => {
    const written = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('TRAP', String(trap.port))]),
    );
    respond = (_request, response) => response.writeHead(200, written).end('ok');

    const first = requireAnswer(await sender.send(get(url())));
    const second = requireAnswer(await sender.send(get(url())));

    expect([first.body.toString(), second.body.toString()]).toEqual(['ok', 'ok']);
    expect(trap.connections).toHaveLength(0);
  });

  it('has an answer of the trap only where the url itself leads there', async () => {
    respond = (_request, response) => response.end();
    const before = trap.connections.length;

    requireAnswer(await sender.send(get(`http://127.0.0.1:${trap.port}/`)));
    const strict = loopbackSender({ allowNetworks: ['127.0.0.2/32'] });
    requireFailure(await strict.send(get(`http://127.0.0.1:${trap.port}/`)));
    await strict.close();

    expect(trap.connections).toHaveLength(before + 1);
  });
});
