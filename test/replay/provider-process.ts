import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerRequest } from './provider-requests.ts';
import type { ProviderSetup, Receipt } from './provider-requests.ts';
import { ProviderScript } from './provider-script.ts';
import type { ExpectedCall } from './provider-script.ts';

/** What the player asks over IPC; each is answered with `{ kind: 'done', id, value }`. */
export type ProviderOrder =
  | { id: number; kind: 'start'; setup: ProviderSetup }
  | { id: number; kind: 'expect'; call: ExpectedCall }
  | { id: number; kind: 'settle'; callId: string }
  | { id: number; kind: 'log' };
export interface OrderDone {
  id: number;
  value: unknown;
}

/** Longer than any pause in a run: a server that closes idle connections would make requests fail that race with it. */
const KEEP_ALIVE_MS = 600_000;

const script = new ProviderScript();
const log: Receipt[] = [];

function start(setup: ProviderSetup): Promise<string> {
  const server = createServer((request, response) => {
    answer(setup, request, response).catch((error: unknown) => {
      console.error('replay provider:', error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

async function answer(setup: ProviderSetup, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '/', headers } = request;
  const { receipt, reply } = answerRequest(setup, script, { method, url, headers, body: await text(request) });
  log.push(receipt);
  response.writeHead(reply.status, {
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
  });
  response.end(reply.body);
}

async function carryOut(order: ProviderOrder): Promise<unknown> {
  switch (order.kind) {
    case 'start':
      return start(order.setup);
    case 'expect':
      return script.expect(order.call);
    case 'settle':
      return script.settle(order.callId);
    case 'log':
      return log;
  }
}

process.on('message', (order: ProviderOrder) => {
  void carryOut(order).then((value) => process.send?.({ id: order.id, value } satisfies OrderDone));
});
// Nobody is left to answer for: the player has ended, in whatever way.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole foreground group; the player still needs the answers of the calls under way.
process.on('SIGINT', () => undefined);
