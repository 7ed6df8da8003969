import type { ResponseHeaders, SendResult } from '@patchbay/egress/send-result';
import { allowInsecureRequests, customFetch, type CustomFetchOptions } from 'oauth4webapi';
import type { OutgoingHttp } from '../outgoing-http.ts';

/** Longer than token end points take (a few hundred milliseconds), shorter than a person waits; one exchange with all its look-ups. */
export const EXCHANGE_TIMEOUT_MS = 10_000;
/** Tokens are a few kilobytes; metadata of large issuers some ten. */
const MAX_ANSWER_BYTES = 262_144;

type Options = CustomFetchOptions<'GET' | 'POST', URLSearchParams | undefined>;

/** One exchange with an authorization server: the requests of the library go through the guarded client and end at one deadline. */
export class OAuthExchange {
  /** What the last request came to; the library's errors do not tell. */
  last: SendResult | null = null;
  readonly #endsAt: number;

  /** `key` is of the organization and the connection, which share no socket with others; `startedAt` is of `performance.now()`. */
  constructor(
    private readonly http: OutgoingHttp,
    private readonly key: string,
    startedAt = performance.now(),
  ) {
    this.#endsAt = startedAt + EXCHANGE_TIMEOUT_MS;
  }

  get allowHttp(): boolean {
    return this.http.allowHttp;
  }

  /** For every request of `oauth4webapi`. */
  get requestOptions() {
    return {
      [allowInsecureRequests]: this.http.allowHttp,
      [customFetch]: (url: string, options: Options) => this.#fetch(url, options),
    };
  }

  async #fetch(url: string, { method, headers, body }: Options): Promise<Response> {
    this.last = await this.http.send({
      key: this.key,
      method,
      url,
      headers,
      body: body?.toString(),
      deadlineMs: this.#endsAt - performance.now(),
      // Also after a pause of the whole process: later, another process may be using what this request would spend.
      maySend: () => performance.now() < this.#endsAt,
      maxWireBytes: MAX_ANSWER_BYTES,
      maxDecodedBytes: MAX_ANSWER_BYTES,
    });
    if (this.last.kind === 'failed') throw new Error(this.last.message);
    return responseOf(this.last);
  }
}

/** Without challenges: the body says more than `www-authenticate`, and the library would not look at it. */
function responseOf({ status, headers, body }: Extract<SendResult, { kind: 'answered' }>): Response {
  const type = headerOf(headers, 'content-type');
  return new Response(body.length > 0 && ![204, 205, 304].includes(status) ? new Uint8Array(body) : null, {
    status: status >= 200 && status <= 599 ? status : 502,
    headers: type ? { 'content-type': type } : {},
  });
}

export function headerOf(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
