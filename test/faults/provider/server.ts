import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { answerOrders } from '../../bench/answer-orders.ts';
import { bomb, giveAnswer } from './answer.ts';
import type { ProviderRequest } from './request.ts';
import { DONE, takesEffect, type Script, type Step } from './step.ts';

export type ProviderOrder =
  | { kind: 'start' }
  | { kind: 'script'; script: Script }
  /** How every request is met that has no step of its own; undefined: done at once. */
  | { kind: 'otherwise'; step: Step | null }
  /** Everything received since the last `forget`. */
  | { kind: 'log' }
  | { kind: 'forget' };

export interface ProviderUrls {
  /** Answers by the script. */
  scripted: string;
  /** Resets every connection before it has read anything. */
  refusing: string;
  /** Takes connections and never says a word, so that TLS is never agreed. */
  mute: string;
}

/** Longer than any pause: a server that closes idle connections would make requests fail that race with it. */
const KEEP_ALIVE_MS = 600_000;

/** Of every connection, where somebody searches for it afterwards: a case whose requests do not carry it fails, and proves nothing. */
const SECRET = process.env['PATCHBAY_CANARY'];

let requests: ProviderRequest[] = [];
let script = new Map<string, Step[]>();
let otherwise: Step = DONE;
const effects = new Map<string, number>();
const keys = new Set<string>();

async function carryOut(order: ProviderOrder): Promise<unknown> {
  switch (order.kind) {
    case 'start':
      return start();
    case 'script':
      for (const [tag, steps] of Object.entries(order.script)) {
        script.set(tag, [...steps]);
        for (const { answer } of steps) if (answer.kind === 'bomb') bomb(answer);
      }
      return undefined;
    case 'otherwise':
      otherwise = order.step ?? DONE;
      return undefined;
    case 'log':
      return requests;
    case 'forget':
      requests = [];
      script = new Map();
      otherwise = DONE;
      effects.clear();
      keys.clear();
      return undefined;
  }
}

async function start(): Promise<ProviderUrls> {
  const scripted = createHttpServer((request, response) => {
    meet(request, response).catch((error: Error) => response.destroy(error));
  });
  scripted.keepAliveTimeout = KEEP_ALIVE_MS;
  const refusing = createTcpServer((socket) => socket.on('error', () => undefined).resetAndDestroy());
  const mute = createTcpServer((socket) => socket.on('error', () => undefined).resume());
  return {
    scripted: `http://127.0.0.1:${await open(scripted)}`,
    refusing: `http://127.0.0.1:${await open(refusing)}`,
    mute: `https://127.0.0.1:${await open(mute)}`,
  };
}

function open(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => resolve((server.address() as AddressInfo).port));
  });
}

async function meet(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (SECRET && request.headers.authorization !== `Bearer ${SECRET}`) return void response.writeHead(401).end();
  const sent = await text(request);
  const { kind, tag } = aboutOf(request, sent);
  const step = kind === 'verify' ? verifyStep(tag) : stepFor(tag);
  const idempotencyKey = String(request.headers['idempotency-key'] ?? '') || null;
  const isRepeat = step.honoursKey === true && idempotencyKey !== null && keys.has(idempotencyKey);
  const received: ProviderRequest = {
    atMs: Date.now(),
    endedAtMs: null,
    abandoned: false,
    kind,
    tag,
    idempotencyKey,
    arguments: sent || (request.url ?? ''),
    tookEffect: kind === 'effect' && takesEffect(step) && !isRepeat,
  };
  requests.push(received);
  if (received.tookEffect && idempotencyKey !== null) keys.add(idempotencyKey);
  if (received.tookEffect) effects.set(tag, (effects.get(tag) ?? 0) + 1);
  // No two requests are answered alike: what is told twice was not asked twice.
  const body = { tag, number: requests.length };
  response.on('error', () => undefined);
  response.once('close', () => {
    received.endedAtMs ??= Date.now();
    received.abandoned = !response.writableFinished;
  });
  if (step.delayMs) await wait(step.delayMs);
  if (!response.destroyed) await giveAnswer(response, step.answer, body);
}

/** Reads name their tag as the last segment of the path, writes in their body; below `/effects` one asks whether a write happened. */
function aboutOf({ method, url = '' }: IncomingMessage, body: string): Pick<ProviderRequest, 'kind' | 'tag'> {
  const path = url.split('?')[0]!;
  const last = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  if (method === 'GET') return { kind: path.startsWith('/effects/') ? 'verify' : 'read', tag: last };
  return { kind: 'effect', tag: String((JSON.parse(body) as { tag: unknown }).tag) };
}

function stepFor(tag: string): Step {
  const steps = script.get(tag);
  if (!steps) return otherwise;
  return steps.length > 1 ? steps.shift()! : steps[0]!;
}

function verifyStep(tag: string): Step {
  const count = effects.get(tag) ?? 0;
  return { answer: { kind: 'json', status: count > 0 ? 200 : 404, body: { tag, count } } };
}

answerOrders(carryOut);
