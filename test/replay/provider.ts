import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OrderDone, ProviderOrder } from './provider-process.ts';
import type { ProviderSetup, Receipt } from './provider-requests.ts';
import type { ExpectedCall } from './provider-script.ts';

type Order = ProviderOrder extends infer O ? (O extends ProviderOrder ? Omit<O, 'id'> : never) : never;

/** The provider in a process of its own, so that neither its work nor the player's is measured with the other's. */
export class Provider {
  readonly url: string;
  readonly #orders: Orders;

  private constructor(url: string, orders: Orders) {
    this.url = url;
    this.#orders = orders;
  }

  static async start(setup: ProviderSetup): Promise<Provider> {
    const orders = new Orders(fork(fileURLToPath(new URL('./provider-process.ts', import.meta.url))));
    return new Provider((await orders.give({ kind: 'start', setup })) as string, orders);
  }

  /** Resolves when the provider knows the call: only then may it be invoked. */
  async expect(call: ExpectedCall): Promise<void> {
    await this.#orders.give({ kind: 'expect', call });
  }

  async settle(callId: string): Promise<void> {
    await this.#orders.give({ kind: 'settle', callId });
  }

  /** Everything it has received so far, in order. */
  async log(): Promise<Receipt[]> {
    return (await this.#orders.give({ kind: 'log' })) as Receipt[];
  }

  async close(): Promise<void> {
    await this.#orders.close();
  }
}

class Orders {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #exited: Promise<void>;
  #ended = false;
  #lastId = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (done: OrderDone) => {
      this.#waiting.get(done.id)?.resolve(done.value);
      this.#waiting.delete(done.id);
    });
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => {
        this.#ended = true;
        for (const { reject } of this.#waiting.values())
          reject(new Error('The provider process has ended; its own message is above.'));
        resolve();
      });
    });
  }

  give(order: Order): Promise<unknown> {
    if (this.#ended) return Promise.reject(new Error('The provider process has ended; its own message is above.'));
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#child.send({ ...order, id }, (error) => {
      if (error) answer.reject(error);
    });
    return answer.promise;
  }

  async close(): Promise<void> {
    if (!this.#ended) this.#child.disconnect();
    await this.#exited;
  }
}
