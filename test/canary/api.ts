import { setTimeout as delay } from 'node:timers/promises';
import type { Canaries } from './canaries.ts';

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
  text: string;
}

/** An answer as it came over the wire. */
export interface RecordedAnswer {
  route: string;
  bytes: Buffer;
}

interface ShownOnce {
  field: string;
  kind: string;
  /** What of it is secret. */
  secretsOf(shown: string): string[];
}

const SIGNING_SECRET: ShownOnce = { field: 'secret', kind: 'signing_secret', secretsOf: (secret) => [secret] };
/** The id in a key stands in lists and in the log. */
const API_KEY: ShownOnce = { field: 'apiKey', kind: 'API key', secretsOf: (key) => [key.replace(/^.*_/, '')] };
/** A NATS credentials file: the seed, and the JWT, of which only the signature is of this edge alone. */
const EDGE: ShownOnce = { field: 'credentials', kind: 'edge', secretsOf: (file) => [/^SU[A-Z2-7]{56}$/m.exec(file)![0], /^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/m.exec(file)![1]!] };

/** The only answers that may hold a secret: what was made here is shown once. */
const SHOWS_ONCE: Record<string, ShownOnce> = {
  'POST /v1/signing-secrets': SIGNING_SECRET,
  'POST /v1/webhooks': SIGNING_SECRET,
  'POST /v1/connections/:id/rotate': SIGNING_SECRET,
  'POST /v1/organizations': API_KEY,
  'POST /v1/api-keys': API_KEY,
  'POST /v1/api-keys/:id/rotate': API_KEY,
  'POST /v1/edges': EDGE,
  'POST /v1/edges/:id/credentials/renew': EDGE,
};
const TRIES = 40;
const PAUSE_MS = 250;

/** The REST API; every answer is kept, with its status line and headers. */
export class Api {
  readonly answers: RecordedAnswer[] = [];
  readonly url: string;
  readonly #canaries: Canaries;

  constructor(url: string, canaries: Canaries) {
    this.url = url;
    this.#canaries = canaries;
  }

  /** Again while a service that was restarted is not back. */
  async ask(key: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    for (let left = TRIES; ; left--) {
      const response = await fetch(this.url + path, {
        method,
        redirect: 'manual',
        headers: { authorization: `Bearer ${key}`, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(text === undefined ? {} : { body: text }),
      });
      const answer = await this.#record(`${method} ${routeOf(path)}`, response);
      if (answer.status !== 503 || left === 0) return answer;
      await delay(PAUSE_MS);
    }
  }

  async need(key: string, method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.ask(key, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer.body;
  }

  /** A browser that is sent somewhere of ours, with the cookies that it has. */
  async visit(url: string, cookie: string): Promise<Answer> {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    return this.#record(`GET ${new URL(url).pathname}`, response);
  }

  async #record(route: string, response: Response): Promise<Answer> {
    const text = await response.text();
    const body = text.startsWith('{') && !text.includes('}\n{') ? (JSON.parse(text) as Json) : {};
    const once = SHOWS_ONCE[route];
    const shown = once && body[once.field];
    let kept = text;
    if (once && typeof shown === 'string') {
      for (const secret of once.secretsOf(shown)) this.#canaries.add(once.kind, `made by ${route}`, secret);
      kept = text.replace(JSON.stringify(shown), '"[shown once]"');
    }
    const head = [`HTTP ${response.status} ${response.statusText}`, ...[...response.headers].map(([name, value]) => `${name}: ${value}`)].join('\n');
    this.answers.push({ route, bytes: Buffer.from(`${head}\n\n${kept}`) });
    return { status: response.status, headers: response.headers, body, text };
  }
}

/** `/v1/connections/conn_1/rotate?x=1` is the route `/v1/connections/:id/rotate`. */
function routeOf(path: string): string {
  return path.replace(/\?.*/s, '').replaceAll(/\/[a-z]+_[a-z0-9]+(?=\/|$)/g, '/:id');
}
