import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepReceived, rememberSecret } from '@patchbay/testing/kept-run';
import { issueToken } from '@patchbay/testing/known-secrets';
import { IssuedTokens } from './issued-tokens.ts';

/** What an end point does once instead of its work. */
export type Trouble =
  | { status: number; body: string; type?: string; headers?: Record<string, string> }
  /** Never a byte of an answer. */
  | 'hang'
  /** Zeros as long as somebody reads. */
  | 'flood'
  /** The work is done, and the connection is cut before its answer. */
  | 'cut';

export interface TokenRequest {
  parameters: Record<string, string>;
  authorization: string | undefined;
}

interface EndPointAnswer {
  status: number;
  body?: object;
}

interface Code {
  challenge: string;
  redirectUri: string;
  clientId: string;
  scope: string;
}

/**
 * An authorization server on loopback by RFC 6749, 7009, 7636 (S256), 8414 and 9207, and an MCP server beside it by RFC 9728. It records every token
 * request, and checks them as strictly as a strict provider does.
 */
export class FakeOAuthProvider {
  readonly clientId = 'patchbay-client';
  readonly clientSecret = issueToken('OAuth client secret', 'shh_');
  readonly tokenRequests: TokenRequest[] = [];
  /** In the order they came. */
  readonly revocations: TokenRequest[] = [];
  readonly issued = new IssuedTokens();
  givesRefreshTokens = true;
  /** Whether its metadata name an end point for it. */
  offersRevocation = true;
  /** What it calls itself in its metadata. */
  issuer: string;
  methods: string[] | undefined = ['S256'];
  /** What the MCP server says of itself; null: nothing. */
  mcpMetadata: object | null;
  readonly #troubles: Trouble[] = [];
  readonly #codes = new Map<string, Code>();
  #held: (() => Promise<void>) | null = null;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    this.issuer = url;
    this.mcpMetadata = { resource: this.mcpUrl, authorization_servers: [url] };
  }

  static async start(): Promise<FakeOAuthProvider> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const provider = new FakeOAuthProvider(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void provider.#answer(request, response));
    return provider;
  }

  /** In the order they came, once for each request. */
  get refreshTokensShown(): (string | undefined)[] {
    return this.tokenRequests
      .filter(({ parameters }) => parameters['grant_type'] === 'refresh_token')
      .map(({ parameters }) => parameters['refresh_token']);
  }

  get mcpUrl(): string {
    return `${this.url}/mcp`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get revocationUrl(): string {
    return `${this.url}/revoke`;
  }

  /** The next requests to the token or the revocation end point meet this, one each. */
  trouble(...troubles: Trouble[]): void {
    this.#troubles.push(...troubles);
  }

  /** The next request to one of them is worked on, which `arrived` tells, and its answer waits until `release`. */
  hold(): { arrived: Promise<void>; release: () => void } {
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    this.#held = () => {
      this.#held = null;
      arrived.resolve();
      return gate.promise;
    };
    return { arrived: arrived.promise, release: gate.resolve };
  }

  /** The person agrees: what the browser brings back. */
  async agree(authorizationUrl: string): Promise<Record<string, string>> {
    const answer = await fetch(authorizationUrl, { redirect: 'manual' });
    return Object.fromEntries(new URL(answer.headers.get('location')!).searchParams);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const body = await bodyOf(request);
    keepReceived({ path: request.url!, headers: request.headers, body });
    const routes: Record<string, () => unknown> = {
      '/.well-known/oauth-authorization-server': () => json(response, 200, this.#metadata()),
      '/.well-known/oauth-protected-resource/mcp': () => (this.mcpMetadata ? json(response, 200, this.mcpMetadata) : json(response, 404, {})),
      '/authorize': () => this.#authorize(url.searchParams, response),
      '/revoke': () => this.#revoke(new URLSearchParams(body), request.headers.authorization, response),
      '/token': () => this.#token(new URLSearchParams(body), request.headers.authorization, response),
    };
    const route = routes[url.pathname];
    if (route) await route();
    else json(response, 404, {});
  }

  #metadata() {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      revocation_endpoint: this.offersRevocation ? this.revocationUrl : undefined,
      code_challenge_methods_supported: this.methods,
      authorization_response_iss_parameter_supported: true,
    };
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = issueToken('OAuth code');
    const redirectUri = query.get('redirect_uri')!;
    this.#codes.set(code, {
      challenge: query.get('code_challenge')!,
      redirectUri,
      clientId: query.get('client_id')!,
      scope: query.get('scope') ?? '',
    });
    const location = new URL(redirectUri);
    location.search = new URLSearchParams({ code, state: query.get('state')!, iss: this.issuer }).toString();
    response.writeHead(302, { location: location.href }).end();
  }

  async #token(parameters: URLSearchParams, authorization: string | undefined, response: ServerResponse): Promise<void> {
    const verifier = parameters.get('code_verifier');
    if (verifier) rememberSecret('PKCE verifier', verifier);
    this.tokenRequests.push({ parameters: Object.fromEntries(parameters), authorization });
    await this.#work(response, () => this.#grant(parameters, authorization));
  }

  async #revoke(parameters: URLSearchParams, authorization: string | undefined, response: ServerResponse): Promise<void> {
    this.revocations.push({ parameters: Object.fromEntries(parameters), authorization });
    await this.#work(response, () => {
      if (!this.#isClient(parameters, authorization)) return refusal('invalid_client', 401);
      this.issued.revoke(parameters.get('token')!);
      return { status: 200 };
    });
  }

  async #work(response: ServerResponse, work: () => EndPointAnswer): Promise<void> {
    const trouble = this.#troubles.shift();
    if (trouble !== undefined && trouble !== 'cut') return meet(trouble, response);
    const { status, body } = work();
    await this.#held?.();
    if (trouble === 'cut') response.destroy();
    else json(response, status, body);
  }

  #grant(parameters: URLSearchParams, authorization: string | undefined): EndPointAnswer {
    if (!this.#isClient(parameters, authorization)) return refusal('invalid_client', 401);
    const grant = parameters.get('grant_type');
    if (grant === 'client_credentials') return { status: 200, body: this.issued.alone() };
    if (grant === 'authorization_code') return this.#byCode(parameters);
    if (grant !== 'refresh_token') return refusal('unsupported_grant_type');
    const renewed = this.issued.renew(parameters.get('refresh_token')!);
    return renewed ? { status: 200, body: renewed } : refusal('invalid_grant');
  }

  #isClient(parameters: URLSearchParams, authorization: string | undefined): boolean {
    const basic = Buffer.from(`${encodeURIComponent(this.clientId)}:${encodeURIComponent(this.clientSecret)}`).toString('base64');
    return authorization === `Basic ${basic}` || (parameters.get('client_id') === this.clientId && parameters.get('client_secret') === this.clientSecret);
  }

  #byCode(parameters: URLSearchParams) {
    const code = this.#codes.get(parameters.get('code') ?? '');
    this.#codes.delete(parameters.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(parameters.get('code_verifier') ?? '')
      .digest('base64url');
    if (!code || code.challenge !== challenge || code.redirectUri !== parameters.get('redirect_uri')) return refusal('invalid_grant');
    return { status: 200, body: this.issued.begin(this.givesRefreshTokens) };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function meet(trouble: Exclude<Trouble, 'cut'>, response: ServerResponse): void {
  if (trouble === 'hang') return;
  if (trouble === 'flood') return flood(response);
  response.writeHead(trouble.status, { 'content-type': trouble.type ?? 'application/json', ...trouble.headers }).end(trouble.body);
}

function refusal(error: string, status = 400) {
  return { status, body: { error } };
}

function json(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
}

const GIBIBYTE = 2 ** 30;

function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': GIBIBYTE });
  const chunk = Buffer.alloc(65_536, '0');
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', pour);
  pour();
}
