import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerOrders } from './answer-orders.ts';

export type ProviderOrder =
  | {
      kind: 'start';
      secret: string;
      /** How late everything below `/slow` is answered. */
      slowMs: number;
    }
  /** Answers what was asked for since the last time. */
  | { kind: 'count' };

/** What reached the provider: two requests for one order are a repeat that nobody asked for. */
export interface ProviderCount {
  requests: number;
  orders: number;
}

/** Longer than any pause in a run: a server that closes idle connections would make requests fail that race with it. */
const KEEP_ALIVE_MS = 600_000;
const SLOW = '/slow';
/** Nobody needs an account here: what it costs to use one is the difference. */
const OPEN = '/open';

let requests = 0;
const orders = new Set<string>();

async function carryOut(order: ProviderOrder): Promise<string | ProviderCount> {
  return order.kind === 'start' ? start(order) : count();
}

function count(): ProviderCount {
  const counted = { requests, orders: orders.size };
  requests = 0;
  orders.clear();
  return counted;
}

function start({ secret, slowMs }: Extract<ProviderOrder, { kind: 'start' }>): Promise<string> {
  const authorization = `Bearer ${secret}`;
  const server = createServer((request, response) => {
    const url = request.url!;
    const way = [SLOW, OPEN].find((prefix) => url.startsWith(prefix)) ?? '';
    if (way !== OPEN && request.headers.authorization !== authorization) return answer(response, 401, '{"error":"not authorized"}');
    readOrderId(request, url.slice(way.length)).then(
      (orderId) => {
        requests++;
        orders.add(orderId);
        if (way === SLOW) setTimeout(answer, slowMs, response, 200, bodyFor(orderId));
        else answer(response, 200, bodyFor(orderId));
      },
      (error: Error) => answer(response, 400, JSON.stringify({ error: error.message })),
    );
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/** A read names the order in its path, a write in its body. */
async function readOrderId(request: IncomingMessage, url: string): Promise<string> {
  if (request.method === 'POST') return (JSON.parse(await text(request)) as { orderId: string }).orderId;
  const orderId = /^\/orders\/(A\d+)\?/.exec(url)?.[1];
  if (orderId === undefined) throw new Error(`no order in ${url}`);
  return orderId;
}

/** About 300 bytes, as a typical order service answers. */
function bodyFor(orderId: string): string {
  return JSON.stringify({
    orderId,
    state: 'in_transit',
    carrier: 'Northwind Parcel',
    trackingNumber: `NW${orderId.slice(1)}DE`,
    expectedOn: '2026-11-24',
    items: [
      { name: 'Desk lamp, brass', quantity: 1 },
      { name: 'Light bulb E27, warm white', quantity: 4 },
    ],
    say: 'Your order is on its way and arrives on Tuesday.',
  });
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

answerOrders(carryOut);
