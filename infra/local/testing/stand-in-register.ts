import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What a stand-in service says when it is up. */
export interface StandIn {
  name: string;
  pid: number;
  env: Record<string, string>;
}

/** Where stand-in services report; a test waits here for the next one to come up. */
export class StandInRegister {
  readonly reports: StandIn[] = [];
  readonly #arrivals = new EventEmitter();
  readonly #server = createServer(async (request, response) => {
    const standIn = (await json(request)) as StandIn;
    this.reports.push(standIn);
    response.end();
    this.#arrivals.emit(standIn.name, standIn);
  });

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next one of that name to come up, after this call. */
  async next(name: string): Promise<StandIn> {
    const [standIn] = (await once(this.#arrivals, name)) as [StandIn];
    return standIn;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
