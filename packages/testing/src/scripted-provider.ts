import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepReceived } from './kept-run.ts';

/** What a provider does with one request: timing is data, so a test says "300 ms, then 503". */
export interface ScriptedReply {
  status?: number;
  /** Sent as JSON unless it is a string. */
  body?: unknown;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Cut the connection: before any byte of the answer, or in the middle of its body. */
  cut?: 'before' | 'inside';
}

export interface ReceivedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Another company's HTTP API on loopback, with a script; records everything it was sent. */
export class ScriptedProvider {
  readonly received: ReceivedRequest[] = [];
  #script: ScriptedReply[] = [];
  #otherwise: (request: ReceivedRequest) => ScriptedReply = () => ({ body: { ok: true } });

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new ScriptedProvider(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const url = new URL(request.url ?? '/', provider.url);
      const received: ReceivedRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      provider.received.push(received);
      keepReceived({ ...received, path: request.url ?? '' });
      play(provider.#script.shift() ?? provider.#otherwise(received), response);
    });
    return provider;
  }

  /** The next replies, one per request. */
  script(...replies: ScriptedReply[]): void {
    this.#script.push(...replies);
  }

  /** What it answers when the script is over. */
  otherwise(reply: (request: ReceivedRequest) => ScriptedReply): void {
    this.#otherwise = reply;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function play(reply: ScriptedReply, response: ServerResponse): void {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
  const answer = () => {
    if (reply.cut === 'before') {
      response.socket?.destroy();
      return;
    }
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    if (reply.cut === 'inside') {
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy());
      return;
    }
    response.end(text);
  };
  if (reply.delayMs) setTimeout(answer, reply.delayMs).unref();
  else answer();
}
