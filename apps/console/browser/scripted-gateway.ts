import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const API_KEY = 'pbk_right';

/** What the REST API answers, by path and query; a test changes it while the console is open. */
export type Script = Map<string, unknown>;

export interface ScriptedGateway {
  url: string;
  script: Script;
  /** Paths that were asked for, with their query. */
  asked: string[];
  /** True answers the API as a proxy does whose gateway is away. */
  isAway: boolean;
  close(): Promise<void>;
}

/** The gateway as the console sees it: the REST API under /v1 and the console's own server at every other path. */
export async function startScriptedGateway(consoleUrl: string): Promise<ScriptedGateway> {
  const server = createServer((incoming, reply) => {
    if (incoming.url?.startsWith('/v1/')) answer(gateway, incoming, reply);
    else passOn(consoleUrl, incoming, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const gateway: ScriptedGateway = {
    url: `http://127.0.0.1:${port}`,
    script: new Map(),
    asked: [],
    isAway: false,
    close: () => closeServer(server),
  };
  return gateway;
}

function answer(
  { script, asked, isAway }: ScriptedGateway,
  { url = '', headers }: IncomingMessage,
  reply: ServerResponse,
): void {
  asked.push(url);
  if (isAway) return void reply.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
  if (headers.authorization !== `Bearer ${API_KEY}`) {
    return sendJson(reply, 401, { code: 'unauthenticated', message: 'The API key is unknown.' });
  }
  if (!script.has(url))
    return sendJson(reply, 404, { code: 'session_not_found', message: `Nothing is known of ${url}.` });
  sendJson(reply, 200, script.get(url));
}

function sendJson(reply: ServerResponse, status: number, body: unknown): void {
  reply.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
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
