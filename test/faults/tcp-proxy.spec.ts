import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;
let client: Socket;
let heard: string;

beforeEach(async () => {
  echo = createServer((socket) => socket.pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.start({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  client = connect(proxy.port, '127.0.0.1');
  heard = '';
  client.on('data', (data) => (heard += data.toString()));
  await once(client, 'connect');
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function untilHeard(text: string): Promise<void> {
  while (heard !== text) await turnOfTheLoop();
}

describe('TcpProxy', () => {
  it('passes on what is sent, in both directions', async () => {
    client.write('hello');
    await untilHeard('hello');
    expect(heard).toBe('hello');
  });

  it('keeps what is sent while it is frozen, and the connection open', async () => {
    client.write('before ');
    await untilHeard('before ');
    proxy.freeze();
    client.write('meanwhile');
    const second = connect((echo.address() as AddressInfo).port, '127.0.0.1');
    second.write('there and back');
    await once(second, 'data');
    second.destroy();
    expect(heard).toBe('before ');
    proxy.heal();
    await untilHeard('before meanwhile');
    expect(client.destroyed).toBe(false);
  });

  it('keeps the order of what it delays', async () => {
    proxy.delayMs = 5;
    for (const piece of ['a', 'b', 'c', 'd']) {
      client.write(piece);
      await turnOfTheLoop();
    }
    await untilHeard('abcd');
    expect(heard).toBe('abcd');
  });
});
