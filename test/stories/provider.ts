import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepReceived } from '../../packages/testing/src/kept-run.ts';

export interface Received {
  method: string;
  path: string;
  authorization: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Somebody else's HTTP API; records what it was sent. */
export class Provider {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly url: string;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(answer: (received: Received) => { status?: number; body: unknown }): Promise<Provider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new Provider(server);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, authorization: headers.authorization, headers, body };
      provider.received.push(received);
      keepReceived(received);
      const { status = 200, body: reply } = answer(received);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    });
    return provider;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
