import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the token end point does once instead of its work. */
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

interface Code {
  challenge: string;
  redirectUri: string;
  clientId: string;
  scope: string;
}

/**
 * An authorization server on loopback by RFC 6749, 7636 (S256), 8414 and 9207, and an MCP server beside it by RFC 9728. It records every token
 * request, and checks them as strictly as a strict provider does.
 */
export class FakeOAuthProvider {
  readonly clientId = 'patchbay-client';
  readonly clientSecret = `shh_${randomBytes(16).toString('hex')}`;
  readonly tokenRequests: TokenRequest[] = [];
  /** `none`: a refresh token lives for ever. `grace`: each refresh gives the next one, and the last one still works. `strict`: it does not. */
  rotation: 'none' | 'grace' | 'strict' = 'none';
  /** Seconds; undefined: it is not said. */
  expiresIn: number | undefined = 3_600;
  /** Undefined: it is not said. */
  grants: string | undefined;
  givesRefreshTokens = true;
  /** What it calls itself in its metadata. */
  issuer: string;
  methods: string[] | undefined = ['S256'];
  /** What the MCP server says of itself; null: nothing. */
  mcpMetadata: object | null;
  readonly #troubles: Trouble[] = [];
  readonly #codes = new Map<string, Code>();
  /** Families of refresh tokens, the newest last. */
  readonly #families: string[][] = [];
  readonly #accessTokens = new Set<string>();
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

  /** The next token requests meet this, one each. */
  trouble(...troubles: Trouble[]): void {
    this.#troubles.push(...troubles);
  }

  /** The next token request is worked on, which `arrived` tells, and its answer waits until `release`. */
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

  knows(accessToken: string): boolean {
    return this.#accessTokens.has(accessToken);
  }

  /** Every refresh token it ever gave is worth nothing now. */
  revokeAll(): void {
    this.#families.splice(0);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const body = await bodyOf(request);
    const routes: Record<string, () => unknown> = {
      '/.well-known/oauth-authorization-server': () => json(response, 200, this.#metadata()),
      '/.well-known/oauth-protected-resource/mcp': () => (this.mcpMetadata ? json(response, 200, this.mcpMetadata) : json(response, 404, {})),
      '/authorize': () => this.#authorize(url.searchParams, response),
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
      code_challenge_methods_supported: this.methods,
      authorization_response_iss_parameter_supported: true,
    };
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = randomBytes(16).toString('hex');
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
    this.tokenRequests.push({ parameters: Object.fromEntries(parameters), authorization });
    const trouble = this.#troubles.shift();
    if (trouble === 'hang') return;
    if (trouble === 'flood') return flood(response);
    if (typeof trouble === 'object') {
      response.writeHead(trouble.status, { 'content-type': trouble.type ?? 'application/json', ...trouble.headers }).end(trouble.body);
      return;
    }
    const { status, body } = this.#grant(parameters, authorization);
    await this.#held?.();
    if (trouble === 'cut') response.destroy();
    else json(response, status, body);
  }

  #grant(parameters: URLSearchParams, authorization: string | undefined): { status: number; body: object } {
    const basic = Buffer.from(`${encodeURIComponent(this.clientId)}:${encodeURIComponent(this.clientSecret)}`).toString('base64');
    const isPosted = parameters.get('client_id') === this.clientId && parameters.get('client_secret') === this.clientSecret;
    if (authorization !== `Basic ${basic}` && !isPosted) return refusal('invalid_client', 401);
    const grant = parameters.get('grant_type');
    if (grant === 'client_credentials') return { status: 200, body: this.#tokens(undefined) };
    if (grant === 'authorization_code') return this.#byCode(parameters);
    if (grant === 'refresh_token') return this.#byRefreshToken(parameters.get('refresh_token')!);
    return refusal('unsupported_grant_type');
  }

  #byCode(parameters: URLSearchParams) {
    const code = this.#codes.get(parameters.get('code') ?? '');
    this.#codes.delete(parameters.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(parameters.get('code_verifier') ?? '')
      .digest('base64url');
    if (!code || code.challenge !== challenge || code.redirectUri !== parameters.get('redirect_uri')) return refusal('invalid_grant');
    const family: string[] = [];
    if (this.givesRefreshTokens) this.#families.push(family);
    return { status: 200, body: this.#tokens(this.givesRefreshTokens ? family : undefined) };
  }

  #byRefreshToken(refreshToken: string) {
    const family = this.#families.find((tokens) => tokens.includes(refreshToken));
    const age = family ? family.length - 1 - family.indexOf(refreshToken) : Infinity;
    if (!family || age > (this.rotation === 'grace' ? 1 : 0)) return refusal('invalid_grant');
    // Within the grace the same successor is given again.
    return { status: 200, body: this.#tokens(family, this.rotation === 'none' || age === 1) };
  }

  /** The newest refresh token of the family, or one more of them. */
  #tokens(family: string[] | undefined, keepsLast = false) {
    const accessToken = `at_${randomBytes(16).toString('hex')}`;
    this.#accessTokens.add(accessToken);
    if (family && !keepsLast) family.push(`rt_${randomBytes(16).toString('hex')}`);
    const isUnchanged = keepsLast && this.rotation === 'none';
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: this.expiresIn,
      scope: this.grants,
      refresh_token: isUnchanged ? undefined : family?.at(-1),
    };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function refusal(error: string, status = 400) {
  return { status, body: { error } };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
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
