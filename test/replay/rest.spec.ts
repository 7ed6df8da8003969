import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Rest } from './rest.ts';

let server: Server | undefined;
let asked: (string | undefined)[] = [];
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
  asked = [];
});

/** Answers with the statuses in order; 0 breaks the connection. */
async function gatewayWith(...statuses: number[]): Promise<Rest> {
  server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const status = statuses.shift() ?? 200;
    if (status === 0) request.socket.destroy();
    else response.writeHead(status).end(JSON.stringify({ code: 'conflict', message: 'taken' }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return new Rest(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, 'pb_key');
}

describe('the REST client', () => {
  it('sends the API key', async () => {
    await (await gatewayWith(200)).get('/v1/caller');

    expect(asked).toEqual(['Bearer pb_key']);
  });

  it('asks again after 503, also to create something', async () => {
    await (await gatewayWith(503, 200)).create('/v1/edges', {});

    expect(asked).toHaveLength(2);
  });

  it('asks again after a broken connection what may arrive twice', async () => {
    await (await gatewayWith(0, 200)).get('/v1/sessions');

    expect(asked).toHaveLength(2);
  });

  it('does not create again what may have been created', async () => {
    const rest = await gatewayWith(0, 200);

    await expect(rest.create('/v1/edges', {})).rejects.toThrow('POST /v1/edges');
    expect(asked).toHaveLength(1);
  });

  it('tells in the gateway’s words why something was refused', async () => {
    const rest = await gatewayWith(409);

    await expect(rest.create('/v1/tools', {})).rejects.toThrow(
      'POST /v1/tools was answered 409: {"code":"conflict","message":"taken"}',
    );
  });
});
