import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { Canaries } from './canaries.ts';
import { ECHOES } from './echo.ts';

export interface Certificate {
  cert: string;
  key: string;
}

interface Request {
  path: string[];
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

/**
 * Every account's provider: an API that repeats what it is sent, by /<account>/echo/<how>/<status>; a check; and an authorization server by
 * RFC 6749, 8414 and 9728 below each account. It keeps all it was sent, in clear.
 */
export class Provider {
  /** By https a user name and password may be sent. */
  readonly urls: { http: string; https: string };
  readonly #record: Buffer[] = [];
  readonly #signedRequests: { headers: Record<string, string>; body: string }[] = [];
  #refreshes = 0;
  readonly #canaries: Canaries;
  readonly #servers: Server[];

  private constructor(canaries: Canaries, servers: Server[]) {
    this.#canaries = canaries;
    this.#servers = servers;
    const [http, https] = servers.map((server) => (server.address() as AddressInfo).port);
    this.urls = { http: `http://127.0.0.1:${http}`, https: `https://localhost:${https}` };
  }

  static async start(canaries: Canaries, certificate: Certificate): Promise<Provider> {
    const servers = [createServer(), createTlsServer(certificate)];
    for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new Provider(canaries, servers);
    const listener: RequestListener = (request, response) => void provider.#answer(request, response);
    for (const server of servers) server.on('request', listener);
    return provider;
  }

  /** All that it was sent. */
  get record(): Buffer {
    return Buffer.concat(this.#record);
  }

  /** How many requests were signed with a secret that we know (Standard Webhooks). */
  get signatures(): number {
    const secrets = this.#canaries.all.filter(({ kind }) => kind === 'signing_secret').map(({ value }) => value);
    const keys = secrets.map((value) => new Webhook(value.startsWith('whsec_') ? value : Buffer.from(value).toString('base64')));
    return this.#signedRequests.filter(({ headers, body }) => keys.some((key) => isSignedWith(key, headers, body))).length;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    this.#keep(request);
    const [account = '', what = '', how = '', status = ''] = request.path;
    if (account === '.well-known') return json(response, 200, this.#metadata(request.path));
    if (what === 'authorize') return this.#authorize(account, request, response);
    if (what === 'token') return json(response, 200, this.#tokens(account, request));
    const echo = ECHOES[how];
    if (what !== 'echo' || !echo) return json(response, 200, { ok: true });
    const { type, body, headers } = echo(request);
    response.writeHead(Number(status), { 'content-type': type, ...headers }).end(body);
  }

  #keep({ path, query, headers, body }: Request): void {
    const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const plain = basic ? decodeURIComponent(Buffer.from(basic, 'base64').toString().replaceAll('+', '%2B')) : '';
    this.#record.push(Buffer.from([path.join('/'), query.toString(), JSON.stringify(headers), plain, body, ''].join('\n')));
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headers[name]]);
    if (signed.every(([, value]) => typeof value === 'string')) this.#signedRequests.push({ headers: Object.fromEntries(signed) as Record<string, string>, body });
  }

  #metadata(path: string[]): object {
    const account = path[2] ?? '';
    const url = `${this.urls.http}/${account}`;
    if (path[1] === 'oauth-protected-resource') return { resource: `${url}/mcp`, authorization_servers: [url] };
    return {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    };
  }

  /** The person agrees at once. */
  #authorize(account: string, { query }: Request, response: ServerResponse): void {
    const location = new URL(query.get('redirect_uri')!);
    location.search = new URLSearchParams({ code: this.#canaries.makeToken(account, 'code'), state: query.get('state')! }).toString();
    response.writeHead(302, { location: location.href }).end();
  }

  /** A refresh token comes with a consent, and a new one with every other refresh: so that each is used once. */
  #tokens(account: string, { body }: Request): object {
    const parameters = new URLSearchParams(body);
    const verifier = parameters.get('code_verifier');
    if (verifier) this.#canaries.add(account, 'PKCE verifier', verifier);
    const grant = parameters.get('grant_type');
    const isRefresh = grant === 'refresh_token';
    if (isRefresh) this.#refreshes += 1;
    const isRefreshable = grant === 'authorization_code' || (isRefresh && this.#refreshes % 2 === 1);
    return {
      access_token: this.#canaries.makeToken(account, 'access token'),
      token_type: 'Bearer',
      expires_in: 3_600,
      ...(isRefreshable ? { refresh_token: this.#canaries.makeToken(account, 'refresh token') } : {}),
    };
  }
}

function isSignedWith(key: Webhook, headers: Record<string, string>, body: string): boolean {
  try {
    key.verify(body, headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url!, 'http://provider');
  return { path: url.pathname.split('/').slice(1), query: url.searchParams, headers: incoming.headers, body: Buffer.concat(chunks).toString() };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
