import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LocalServer, once, startTcp } from '../fixtures/local-server.ts';
import { get, loopbackSender, requireAnswer, requireFailure } from '../fixtures/senders.ts';
import type { HttpSender } from './http-sender.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('http sender with a faulty provider', () => {
  let sender: HttpSender;
  let server: LocalServer;
  let requests: string[];
  /** What the provider does with each request, in this order; the last one stays. */
  let script: ((socket: Socket) => void)[];

  beforeEach(async () => {
    sender = loopbackSender();
    requests = [];
    server = await startTcp((socket) => {
      socket.on('data', (bytes) => {
        requests.push(bytes.toString().split('\r\n', 1)[0] ?? '');
        const step = script.length > 1 ? script.shift() : script[0];
        step?.(socket);
      });
    });
  });

  afterEach(async () => {
    await sender.close();
    await server.close();
  });

  const url = (path = '/'): string => `http://127.0.0.1:${server.port}${path}`;

  it.each([
    ['before the headers', ''],
    ['inside the headers', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['inside a body of known length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello'],
    [
      'inside a body of known length on a closing connection',
      'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\nhello',
    ],
    ['inside a chunked body', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    [
      'inside a chunked body on a closing connection',
      'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n',
    ],
  ])('reports a connection that ends %s as reset, sent once', async (_name, written) => {
    script = [(socket) => socket.end(written)];

    expect(requireFailure(await sender.send(get(url())))).toMatchObject({ code: 'reset', sent: true });
    expect(requests).toHaveLength(1);
  });

  it('reports a connection that is reset as reset', async () => {
    script = [(socket) => socket.resetAndDestroy()];

    expect(requireFailure(await sender.send(get(url(), { method: 'POST', body: '{}' })))).toMatchObject({
      code: 'reset',
      sent: true,
    });
  });

  it('reports a kept connection that dies under the next request as sent, and does not send it again', async () => {
    script = [(socket) => socket.write(OK), (socket) => socket.resetAndDestroy()];
    requireAnswer(await sender.send(get(url('/first'))));
    // undici frees a connection in the turn of the event loop after the answer.
    await nextTurn();

    const failure = requireFailure(await sender.send(get(url('/second'))));

    expect(failure).toMatchObject({ code: 'reset', sent: true, timings: { reusedConnection: true } });
    expect(requests).toEqual(['GET /first HTTP/1.1', 'GET /second HTTP/1.1']);
  });

  it.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
    ['a length beside chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['an unasked upgrade', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['an unasked 100', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('cannot read an answer with %s', async (_name, written) => {
    script = [(socket) => socket.write(written)];

    expect(requireFailure(await sender.send(get(url())))).toMatchObject({ code: 'provider_unreadable', sent: true });
  });

  it('ends at the deadline when no answer comes, and closes the connection', async () => {
    const closed = Promise.withResolvers<void>();
    script = [(socket) => socket.on('close', () => closed.resolve())];

    const failure = requireFailure(await sender.send(get(url(), { deadlineMs: 250 })));

    expect(failure).toMatchObject({ code: 'timeout', sent: true, message: 'no complete answer within the deadline' });
    await closed.promise;
  });

  it('ends at the deadline when the body only drips', async () => {
    const closed = Promise.withResolvers<void>();
    script = [
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
        const drip = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => {
          clearInterval(drip);
          closed.resolve();
        });
      },
    ];

    expect(requireFailure(await sender.send(get(url(), { deadlineMs: 250 })))).toMatchObject({
      code: 'timeout',
      sent: true,
    });
    await closed.promise;
  });

  it('ends before the deadline when the headers take longer than they may', async () => {
    const impatient = loopbackSender({ headersTimeoutMs: 250 });
    script = [(socket) => socket.write('HTTP/1.1 200 OK\r\n')];

    const failure = requireFailure(await impatient.send(get(url())));

    expect(failure).toMatchObject({
      code: 'timeout',
      sent: true,
      message: 'the provider did not begin to answer in time',
    });
    await impatient.close();
  });

  it('sends nothing when there is no time left', async () => {
    expect(requireFailure(await sender.send(get(url(), { deadlineMs: 0 })))).toMatchObject({
      code: 'timeout',
      sent: false,
    });
    expect(server.connections).toHaveLength(0);
  });

  it('reports a closed port as a failed connection', async () => {
    await server.close();

    const failure = requireFailure(await sender.send(get(url())));

    expect(failure).toMatchObject({
      code: 'connect_failed',
      sent: false,
      message: 'connecting to 127.0.0.1 failed (ECONNREFUSED)',
    });
  });

  it('reports a connection that is gone as soon as it is open as failed, and not as an address that may not be called', async () => {
    const loseAtOnce = (message: unknown) => {
      const { socket } = message as { socket: Socket };
      socket.prependOnceListener('connect', () => socket.destroy());
    };
    subscribe('net.client.socket', loseAtOnce);

    const failure = requireFailure(await sender.send(get(url(), { method: 'POST', body: '{}' })));
    unsubscribe('net.client.socket', loseAtOnce);

    expect(failure).toMatchObject({
      code: 'connect_failed',
      sent: false,
      message: 'the connection to 127.0.0.1 was gone as soon as it was open',
    });
    expect(requests).toEqual([]);
  });

  it('closes the connection of a request that is cancelled', async () => {
    const cancel = new AbortController();
    const closed = Promise.withResolvers<void>();
    script = [
      (socket) => {
        socket.on('close', () => closed.resolve());
        cancel.abort();
      },
    ];

    expect(requireFailure(await sender.send(get(url(), { signal: cancel.signal })))).toMatchObject({
      code: 'cancelled',
      sent: true,
    });
    await closed.promise;
  });

  it('sends nothing when the request is cancelled already', async () => {
    const failure = requireFailure(await sender.send(get(url(), { signal: AbortSignal.abort() })));

    expect(failure).toMatchObject({ code: 'cancelled', sent: false });
    expect(server.connections).toHaveLength(0);
  });

  it.each(['cancelled', 'timeout'] as const)(
    'never sends a request that ended (%s) while it waited for a connection',
    async (code) => {
      const single = loopbackSender({ connectionsPerAgent: 1 });
      const cancel = new AbortController();
      const arrived = Promise.withResolvers<Socket>();
      script = [arrived.resolve, (socket) => socket.write(OK)];
      const first = single.send(get(url('/first')));
      const held = await arrived.promise;
      const second = single.send(
        get(url('/second'), {
          method: 'POST',
          body: '{}',
          signal: cancel.signal,
          deadlineMs: code === 'timeout' ? 20 : 20_000,
        }),
      );
      const third = single.send(get(url('/third')));

      if (code === 'cancelled') cancel.abort();
      const failure = requireFailure(await second);
      held.write(OK);

      expect(failure).toMatchObject({ code, sent: false, timings: { sentMs: undefined } });
      requireAnswer(await first);
      requireAnswer(await third);
      expect(requests).toEqual(['GET /first HTTP/1.1', 'GET /third HTTP/1.1']);
      expect(server.connections).toHaveLength(1);
      await single.close();
    },
  );

  it('opens no more connections than it may, and gives every request its own answer', async () => {
    const few = loopbackSender({ connectionsPerAgent: 3 });
    script = [(socket) => socket.write(OK)];

    const results = await Promise.all(Array.from({ length: 30 }, (_, at) => few.send(get(url(`/${at}`)))));

    expect(results.map((result) => result.kind)).toEqual(Array(30).fill('answered'));
    expect(server.connections.length).toBeLessThanOrEqual(3);
    expect(requests).toHaveLength(30);
    await few.close();
  });

  it('does not use a connection again after the provider closed it', async () => {
    script = [(socket) => socket.end(OK), (socket) => socket.write(OK)];
    requireAnswer(await sender.send(get(url('/first'))));
    const [first] = server.connections;
    if (first && !first.destroyed) await once(first, 'close');

    expect(requireAnswer(await sender.send(get(url('/second')))).timings.reusedConnection).toBe(false);
  });
});
