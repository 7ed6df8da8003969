import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Answer } from './step.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const CHUNK = Buffer.alloc(64 * 1024, 'x');
/** Long enough for what was written to be read before the reset discards it. */
const BEFORE_RESET_MS = 20;

const bombs = new Map<string, Buffer>();

/** Answers as told; returns when the answer is complete or the connection is gone. */
export async function giveAnswer(response: ServerResponse, answer: Answer, body: unknown): Promise<void> {
  switch (answer.kind) {
    case 'json':
      response.writeHead(answer.status ?? 200, { ...JSON_TYPE, ...answer.headers }).end(JSON.stringify(answer.body ?? body));
      return;
    case 'html':
      response.writeHead(200, JSON_TYPE).end('<html><body>It works!</body></html>');
      return;
    case 'silence':
      return;
    case 'reset':
      return reset(response, answer.where, JSON.stringify(body));
    case 'raw':
      response.socket?.end(Buffer.from(answer.bytes, 'latin1'));
      return;
    case 'drip':
      return drip(response, answer.everyMs);
    case 'flood':
      return flood(response, answer.bytes);
    case 'bomb':
      return explode(response, answer.encoding, bomb(answer));
  }
}

function explode(response: ServerResponse, encoding: string, packed: Buffer): void {
  response.writeHead(200, { ...JSON_TYPE, 'content-encoding': encoding, 'content-length': packed.length }).end(packed);
}

async function reset(response: ServerResponse, where: 'before' | 'inside' | 'after', text: string): Promise<void> {
  if (where !== 'before') {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': Buffer.byteLength(text) });
    response.write(where === 'inside' ? text.slice(0, text.length / 2) : text);
    await wait(BEFORE_RESET_MS);
  }
  response.socket?.resetAndDestroy();
}

async function drip(response: ServerResponse, everyMs: number): Promise<void> {
  response.writeHead(200, JSON_TYPE);
  while (!response.destroyed) {
    response.write(' ');
    await wait(everyMs);
  }
}

async function flood(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, JSON_TYPE);
  for (let sent = 0; sent < bytes && !response.destroyed; sent += CHUNK.length) {
    if (!response.write(CHUNK)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** Packed once: packing takes longer than any deadline. */
export function bomb({ encoding, decodedBytes }: Extract<Answer, { kind: 'bomb' }>): Buffer {
  const key = `${encoding} ${decodedBytes}`;
  const made = bombs.get(key) ?? pack(encoding, Buffer.alloc(decodedBytes, ' '));
  bombs.set(key, made);
  return made;
}

function pack(encoding: string, bytes: Buffer): Buffer {
  if (encoding === 'br') return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  const once = gzipSync(bytes, { level: 1 });
  return encoding === 'gzip' ? once : gzipSync(once, { level: 1 });
}
