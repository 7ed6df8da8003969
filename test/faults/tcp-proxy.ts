import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server on loopback that can be made slow, and closed without anybody being told. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #frozen = false;
  /** How long every piece of data takes in each direction, in milliseconds. */
  delayMs = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(to: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => proxy.#link(client, connect(to)));
    return proxy;
  }

  /** What is sent waits, in either direction, until `heal`; connections stay open. */
  freeze(): void {
    this.#frozen = true;
    for (const { sockets } of this.#links) for (const socket of sockets) socket.pause();
  }

  heal(): void {
    this.#frozen = false;
    for (const { sockets } of this.#links) for (const socket of sockets) socket.resume();
  }

  async close(): Promise<void> {
    for (const { sockets } of this.#links) for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #link(client: Socket, server: Socket): void {
    const link: Link = { sockets: [client, server] };
    this.#links.add(link);
    for (const [from, to] of [link.sockets, link.sockets.toReversed() as [Socket, Socket]]) {
      from.setNoDelay(true);
      from.on('data', (data) => this.#pass(data, to));
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        this.#links.delete(link);
      });
      if (this.#frozen) from.pause();
    }
  }

  #pass(data: Buffer, to: Socket): void {
    if (this.delayMs === 0) to.write(data);
    // Timers of equal length fire in the order in which they were set, so the pieces stay in order.
    else setTimeout(() => to.writable && to.write(data), this.delayMs);
  }
}

interface Link {
  sockets: [Socket, Socket];
}
