import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { Canaries, Canary } from './canaries.ts';
import { Scanner } from './scanner.ts';

/** Handed out by our own services, and shown to them again as a hash or not at all: that they are known says that they were there. */
const HANDED_OUT = ['API key', 'session token', 'edge seed', 'signing secret', 'token of the issuer'];
/** The story of the canary proves of its own secrets itself that they came to their provider. */
const PROVEN_BEFORE = /^tour: /;
const FAKES = 'the fakes';

/** As a fake of the tests wrote it down. */
interface Received {
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/**
 * The secrets that no fake of a run received: that they are found nowhere says nothing. Of those that were made in the run one of each kind
 * must have been; of some packages alone not all are used, and then one at all is enough.
 */
export function neverReceived({ all }: Canaries, folder: string, isPartial: boolean): string[] {
  const requests = requestsIn(join(folder, 'received'));
  const scanner = new Scanner(all);
  scanner.scan(FAKES, 'what they received', Buffer.concat(requests.map(textOf)));
  const received = new Set(scanner.counts.get(FAKES)?.keys());
  for (const { kind, value } of all) if (!received.has(kind) && value.startsWith('whsec_') && isSignedWith(value, requests)) received.add(kind);
  if (isPartial) return received.size > 0 ? [] : ['no fake received any known secret'];
  return [...new Set(all.map(({ kind }: Canary) => kind))].filter((kind) => !received.has(kind) && !HANDED_OUT.includes(kind) && !PROVEN_BEFORE.test(kind)).map((kind) => `no fake received the known secret "${kind}"`);
}

function requestsIn(folder: string): Received[] {
  if (!existsSync(folder)) return [];
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));
  return lines.map((line) => JSON.parse(line) as Received);
}

/** With what is encoded in it: a user name and password, and forms (RFC 6749 2.3.1 encodes the one as the other). */
function textOf({ path, headers, body }: Received): Buffer {
  const basic = /^Basic (.+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
  const plain = basic ? Buffer.from(basic, 'base64').toString() : '';
  const forms = [plain, body].map((text) => [...new URLSearchParams(text)].flat().join('\n'));
  return Buffer.from([path, ...Object.values(headers).map(String), plain, body, ...forms, ''].join('\n'));
}

/** By Standard Webhooks. Not verified but signed again: a test may be older than what verification takes. */
function isSignedWith(secret: string, requests: Received[]): boolean {
  const key = new Webhook(secret);
  return requests.some(({ headers, body }) => {
    const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`]);
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
    return signatures.split(' ').includes(key.sign(id, new Date(Number(timestamp) * 1000), body));
  });
}
