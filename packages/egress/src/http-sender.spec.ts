import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IncomingMessage, RequestListener } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LocalServer, startHttp } from '../fixtures/local-server.ts';
import { get, loopbackSender, requireAnswer, requireFailure } from '../fixtures/senders.ts';
import type { HttpSender } from './http-sender.ts';

describe('http sender', () => {
  let sender: HttpSender;
  let server: LocalServer;
  let received: IncomingMessage[];
  let respond: RequestListener;

  beforeEach(async () => {
    sender = loopbackSender();
    received = [];
    server = await startHttp((request, response) => {
      received.push(request);
      respond(request, response);
    });
  });

  afterEach(async () => {
    await sender.close();
    await server.close();
  });

  const url = (path = '/'): string => `http://127.0.0.1:${server.port}${path}`;

  it('answers with status, lower-case headers, body, sizes and the peer', async () => {
    respond = (_request, response) =>
      response.writeHead(201, { 'X-Order': 'A1', 'Set-Cookie': ['a=1', 'b=2'] }).end('{"ok":true}');

    const answer = requireAnswer(await sender.send(get(url())));

    expect(answer).toMatchObject({
      status: 201,
      wireBytes: 11,
      decodedBytes: 11,
      redirectRefused: false,
      peerAddress: '127.0.0.1',
    });
    expect(answer.headers).toMatchObject({ 'x-order': 'A1', 'set-cookie': ['a=1', 'b=2'] });
    expect(answer.body.toString()).toBe('{"ok":true}');
  });

  it('sends method, path, query, headers and body as given', async () => {
    respond = (request, response) => request.pipe(response);

    const answer = requireAnswer(
      await sender.send(
        get(url('/v1/orders?x=1#part'), {
          method: 'PATCH',
          headers: { Authorization: 'Bearer s', 'content-type': 'application/json' },
          body: '{"name":"Zoë"}',
        }),
      ),
    );

    expect(answer.body.toString()).toBe('{"name":"Zoë"}');
    expect(received[0]).toMatchObject({ method: 'PATCH', url: '/v1/orders?x=1' });
    expect(received[0]?.headers).toEqual({
      host: `127.0.0.1:${server.port}`,
      connection: 'keep-alive',
      'accept-encoding': 'gzip',
      authorization: 'Bearer s',
      'content-type': 'application/json',
      'content-length': '15',
    });
  });

  it('sends bytes as they are', async () => {
    respond = (request, response) => request.pipe(response);

    const answer = requireAnswer(
      await sender.send(get(url(), { method: 'POST', body: new Uint8Array([0, 255, 128]) })),
    );

    expect([...answer.body]).toEqual([0, 255, 128]);
  });

  it('uses the connection again and says so in the timings', async () => {
    respond = (_request, response) => response.end('ok');

    const first = await sender.send(get(url()));
    // undici frees a connection in the turn of the event loop after the answer.
    await nextTurn();
    const second = await sender.send(get(url()));

    expect(server.connections).toHaveLength(1);
    expect(first.timings).toMatchObject({
      reusedConnection: false,
      connectMs: expect.any(Number),
      sentMs: expect.any(Number),
      firstByteMs: expect.any(Number),
    });
    expect(second.timings).toMatchObject({ reusedConnection: true, connectMs: undefined, sentMs: expect.any(Number) });
    const { connectMs = 0, sentMs = 0, firstByteMs = 0, totalMs } = first.timings;
    expect([connectMs, sentMs, firstByteMs, totalMs]).toEqual(
      [connectMs, sentMs, firstByteMs, totalMs].toSorted((a, b) => a - b),
    );
  });

  it('never shares a socket between two keys', async () => {
    respond = (_request, response) => response.end('ok');

    await sender.send(get(url(), { key: 'org_a:conn_a' }));
    await sender.send(get(url(), { key: 'org_b:conn_a' }));

    expect(server.connections).toHaveLength(2);
  });

  it.each([301, 302, 303, 307, 308])('returns a %s without following it', async (status) => {
    respond = (_request, response) => response.writeHead(status, { location: url('/elsewhere') }).end();

    const answer = requireAnswer(await sender.send(get(url(), { headers: { authorization: 'Bearer s' } })));

    expect(answer).toMatchObject({ status, redirectRefused: true, headers: { location: url('/elsewhere') } });
    expect(received).toHaveLength(1);
  });

  it('waits for the answer behind early hints', async () => {
    respond = (_request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('final');
    };

    const answer = requireAnswer(await sender.send(get(url())));

    expect([answer.status, answer.body.toString()]).toEqual([200, 'final']);
  });

  it.each(['Host', 'content-length', 'Transfer-Encoding', 'connection', 'Accept-Encoding'])(
    'sends nothing when the header %s is given',
    async (name) => {
      const failure = requireFailure(await sender.send(get(url(), { headers: { [name]: 'x' } })));

      expect(failure).toMatchObject({
        code: 'egress_blocked',
        sent: false,
        message: `the header ${name} is set by the sender`,
      });
      expect(server.connections).toHaveLength(0);
    },
  );

  it.each([
    ['x-order', 'a\r\nx-evil: 1'],
    ['x-order', 'a\0'],
    ['x-order', 'snow ☃'],
    ['x order', 'a'],
    ['x-order: b\r\nx', 'a'],
  ])('sends nothing when a header is malformed (%j: %j) and does not repeat its value', async (name, value) => {
    const failure = requireFailure(await sender.send(get(url(), { headers: { [name]: value } })));

    expect(failure).toMatchObject({
      code: 'egress_blocked',
      sent: false,
      message: expect.stringContaining('malformed'),
    });
    expect(failure.message).not.toContain('evil');
    expect(received).toHaveLength(0);
  });

  it('finishes what is under way when it is closed, and sends nothing more', async () => {
    const arrived = Promise.withResolvers<() => void>();
    respond = (_request, response) => arrived.resolve(() => response.end('done'));
    const underWay = sender.send(get(url()));
    const finish = await arrived.promise;

    const closed = sender.close();
    finish();

    expect(requireAnswer(await underWay).body.toString()).toBe('done');
    await closed;
    expect(requireFailure(await sender.send(get(url())))).toMatchObject({
      code: 'cancelled',
      sent: false,
      message: 'the sender is closed',
    });
  });
});
