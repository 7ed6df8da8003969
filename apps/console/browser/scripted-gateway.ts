import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const API_KEY = 'pbk_right';

/** The cookie of somebody who signed in with the organization's account. */
export const SESSION_COOKIE = { name: 'patchbay_session', value: 'pbs_right' };

/** What the API answers instead of 200. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {}
}

/** What the REST API answers, by path and query, for changes by method too (`POST /v1/people`); a test changes it while the console is open. */
export type Script = Map<string, unknown>;

/** A change that was asked for. */
export interface Sent {
  route: string;
  body: unknown;
}

export interface ScriptedGateway {
  url: string;
  script: Script;
  /** Paths that were asked for, with their query. */
  asked: string[];
  /** Changes that were asked for. */
  sent: Sent[];
  /** True answers the API as a proxy does whose gateway is away. */
  isAway: boolean;
  close(): Promise<void>;
}

/** The gateway as the console sees it: the REST API under /v1 and the console's own server at every other path. */
export async function startScriptedGateway(consoleUrl: string): Promise<ScriptedGateway> {
  const server = createServer((incoming, reply) => {
    if (incoming.url?.startsWith('/v1/')) void answer(gateway, incoming, reply);
    else passOn(consoleUrl, incoming, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const gateway: ScriptedGateway = {
    url: `http://127.0.0.1:${port}`,
    script: new Map(),
    asked: [],
    sent: [],
    isAway: false,
    close: () => closeServer(server),
  };
  return gateway;
}

async function answer(gateway: ScriptedGateway, incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
  const { url = '', method = 'GET', headers } = incoming;
  const route = method === 'GET' ? url : `${method} ${url}`;
  if (method === 'GET') gateway.asked.push(url);
  else gateway.sent.push({ route, body: await bodyOf(incoming) });
  if (gateway.isAway) return void reply.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
  const isOpen = url.startsWith('/v1/sign-in');
  if (!isOpen && !isKnown(headers)) return send(reply, new Answer(401, { code: 'unauthenticated', message: 'The API key is unknown.' }));
  if (!gateway.script.has(route)) return send(reply, new Answer(404, { code: 'session_not_found', message: `Nothing is known of ${route}.` }));
  const scripted = gateway.script.get(route);
  send(reply, scripted instanceof Answer ? scripted : new Answer(200, scripted));
}

function isKnown({ authorization, cookie }: IncomingMessage['headers']): boolean {
  if (authorization !== undefined) return authorization === `Bearer ${API_KEY}`;
  return cookie?.includes(`${SESSION_COOKIE.name}=${SESSION_COOKIE.value}`) ?? false;
}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}

function send(reply: ServerResponse, { status, body, headers }: Answer): void {
  const isText = typeof body === 'string';
  const type = isText ? 'application/x-ndjson' : 'application/json; charset=utf-8';
  reply.writeHead(status, { 'content-type': type, ...headers }).end(isText ? body : JSON.stringify(body));
}

function passOn(consoleUrl: string, incoming: IncomingMessage, reply: ServerResponse): void {
  const passed = request(new URL(incoming.url ?? '/', consoleUrl), {
    method: incoming.method,
    headers: incoming.headers,
    agent: false,
  });
  passed.on('response', (answered) => {
    reply.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(reply);
  });
  passed.on('error', (error) => reply.writeHead(502).end(error.message));
  incoming.pipe(passed);
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
