import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { once, type LocalServer, startTcp } from '../fixtures/local-server.ts';
import { get, loopbackSender, requireAnswer, requireFailure } from '../fixtures/senders.ts';
import type { HttpSender } from './http-sender.ts';
import type { SendResult } from './send-result.ts';

describe('a request whose late answer is wanted', () => {
  let sender: HttpSender;
  let server: LocalServer;
  const asked: Socket[] = [];

  beforeEach(async () => {
    asked.length = 0;
    sender = loopbackSender();
    server = await startTcp((socket) => void socket.on('data', () => asked.push(socket)));
  });

  afterEach(async () => {
    await sender.close();
    await server.close();
  });

  // Time enough to be sent on a busy machine.
  const write = { method: 'POST', body: '{}', deadlineMs: 500 } as const;
  const url = () => `http://127.0.0.1:${server.port}/`;

  it('is told at its deadline that no answer came, and gets the late one', async () => {
    const late = Promise.withResolvers<SendResult>();

    const first = await sender.send(get(url(), { ...write, late: { ms: 20_000, onEnd: late.resolve } }));
    while (asked.length === 0) await setImmediate();
    asked[0]?.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

    expect(requireFailure(first)).toMatchObject({ code: 'timeout', sent: true });
    expect(requireAnswer(await late.promise).body.toString()).toBe('ok');
  });

  it('closes its socket when the late answer does not come, either', async () => {
    const late = Promise.withResolvers<SendResult>();

    await sender.send(get(url(), { ...write, late: { ms: 20, onEnd: late.resolve } }));

    expect(requireFailure(await late.promise)).toMatchObject({ code: 'timeout', sent: true });
    if (!asked[0]?.closed) await once(asked[0]!, 'close');
  });

  it('is not kept open when it was never sent', async () => {
    const busy = loopbackSender({ connectionsPerAgent: 1 });
    const ends: SendResult[] = [];
    const holding = busy.send(get(url(), { method: 'POST', body: '{}', deadlineMs: 200 }));

    const waiting = await busy.send(get(url(), { ...write, deadlineMs: 20, late: { ms: 20_000, onEnd: (end) => ends.push(end) } }));

    expect(requireFailure(waiting)).toMatchObject({ code: 'timeout', sent: false });
    await holding;
    await busy.close();
    expect([ends, asked.length]).toEqual([[], 1]);
  });
});
