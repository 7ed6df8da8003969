import { Agent } from 'undici';
import { CALL_TIMEOUT_MS, type Caller, type ProviderAddress } from './contender.ts';
import { nextOrder, orderPath, requireAnswerTo } from './order.ts';

/** The floor: the provider called from the load generator itself, with nothing between. */
export class DirectCaller implements Caller {
  readonly #provider: ProviderAddress;
  readonly #agent = new Agent({
    keepAliveTimeout: 60_000,
    headersTimeout: CALL_TIMEOUT_MS,
    bodyTimeout: CALL_TIMEOUT_MS,
  });
  readonly #origin: string;
  readonly #prefix: string;

  constructor(provider: ProviderAddress) {
    this.#provider = provider;
    const { origin, pathname } = new URL(provider.url);
    this.#origin = origin;
    this.#prefix = pathname === '/' ? '' : pathname;
  }

  async prepare(): Promise<void> {}

  async call(): Promise<null> {
    const order = nextOrder();
    const { statusCode, body } = await this.#agent.request({
      origin: this.#origin,
      path: this.#prefix + orderPath(order),
      method: 'GET',
      headers: { authorization: `Bearer ${this.#provider.secret}`, accept: 'application/json' },
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`the provider answered ${statusCode}: ${text.slice(0, 300)}`);
    requireAnswerTo(order, JSON.parse(text));
    return null;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
