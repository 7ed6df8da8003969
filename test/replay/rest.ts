import { setTimeout as delay } from 'node:timers/promises';
import { ParsedJson } from './parsed-json.ts';

/** How long a request is repeated while the gateway restarts. */
const PATIENCE_MS = 30_000;
const TRY_MS = 15_000;
const PAUSE_MS = { first: 100, longest: 1_000 };

/** What the gateway refused, in its own words. */
export class RestRefusal extends Error {
  readonly status: number;

  constructor(request: string, status: number, body: string) {
    super(`${request} was answered ${status}: ${body.slice(0, 500)}`);
    this.name = 'RestRefusal';
    this.status = status;
  }
}

/** The gateway's REST API as one API key sees it. */
export class Rest {
  readonly url: string;
  readonly #apiKey: string;

  constructor(url: string, apiKey: string) {
    this.url = url.replace(/\/+$/, '');
    this.#apiKey = apiKey;
  }

  get(path: string): Promise<ParsedJson> {
    return this.#ask('GET', path, undefined, true);
  }

  /** Made once: not repeated when it may have arrived. */
  create(path: string, body: unknown): Promise<ParsedJson> {
    return this.#ask('POST', path, body, false);
  }

  /** May arrive twice without harm. */
  deliver(path: string, body: unknown): Promise<ParsedJson> {
    return this.#ask('POST', path, body, true);
  }

  async #ask(method: string, path: string, body: unknown, repeatable: boolean): Promise<ParsedJson> {
    const endsAt = performance.now() + PATIENCE_MS;
    for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
      const tried = await this.#try(method, path, body);
      if (tried instanceof ParsedJson) return tried;
      const again = tried.arrived ? repeatable : true;
      if (!tried.passing || !again || performance.now() + pauseMs > endsAt) throw tried.error;
      await delay(pauseMs);
    }
  }

  async #try(method: string, path: string, body: unknown): Promise<ParsedJson | Failure> {
    const request = `${method} ${path}`;
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(TRY_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? new ParsedJson(null, request) : ParsedJson.parse(text, request);
      // 503 says that it was not taken; 502 and 504 come from between us and the gateway and say nothing.
      const passing = response.status === 503 || response.status === 502 || response.status === 504;
      return { error: new RestRefusal(request, response.status, text), passing, arrived: response.status !== 503 };
    } catch (cause) {
      const error = new Error(`${request} at ${this.url} failed: ${reasonOf(cause)}.`, { cause });
      return { error, passing: true, arrived: !isRefusedConnection(cause) };
    }
  }
}

interface Failure {
  error: Error;
  /** It may go well in a moment. */
  passing: boolean;
  /** It may have been carried out. */
  arrived: boolean;
}

function isRefusedConnection(cause: unknown): boolean {
  return reasonOf(cause).includes('ECONNREFUSED');
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = 'code' in thrown && typeof thrown.code === 'string' ? `${thrown.code} ` : '';
  return thrown.cause === undefined ? `${code}${thrown.message}` : reasonOf(thrown.cause);
}
