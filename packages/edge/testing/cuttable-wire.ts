import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP connection to a server that a test can cut and mend, and whose answers it can wait for. */
export class CuttableWire {
  readonly #sockets = new Set<Socket>();
  readonly #answers = new EventEmitter();
  #isCut = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (near) => this.#carry(near));
  }

  static async to(url: string): Promise<CuttableWire> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CuttableWire(server, new URL(url));
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks what stands and lets nothing new through. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Resolves when the server has next said something with this text in it. */
  async hears(text: string): Promise<void> {
    for (;;) {
      const [chunk] = (await once(this.#answers, 'chunk')) as [Buffer];
      if (chunk.includes(text)) return;
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #carry(near: Socket): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    far.on('data', (chunk) => this.#answers.emit('chunk', chunk));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      // A cut shows as an error on the other side too; what matters is that both are closed.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
