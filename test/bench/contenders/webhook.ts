import { Agent } from 'undici';
import { CALL_TIMEOUT_MS, type Caller } from './contender.ts';
import { newTraceId, nextOrder, requireAnswerTo, traceparentOf } from './order.ts';

interface WebhookAnswer {
  status: string;
  result: unknown;
}

/** The webhook as a voice stack calls it: HTTP with keep-alive, the arguments in a JSON body. */
export class WebhookCaller implements Caller {
  readonly #origin: string;
  readonly #path: string;
  readonly #agent = new Agent({
    keepAliveTimeout: 60_000,
    headersTimeout: CALL_TIMEOUT_MS,
    bodyTimeout: CALL_TIMEOUT_MS,
  });
  #calls = 0;

  constructor(url: string) {
    const { origin, pathname } = new URL(`${url}/tools/check_order`);
    this.#origin = origin;
    this.#path = pathname;
  }

  async prepare(): Promise<void> {}

  async call(lane: number): Promise<string> {
    const order = nextOrder();
    const traceId = newTraceId();
    const number = ++this.#calls;
    const { statusCode, body } = await this.#agent.request({
      origin: this.#origin,
      path: this.#path,
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: traceparentOf(traceId) },
      body: JSON.stringify({
        sessionId: `ses_bench_${lane}`,
        turnId: `trn_${number}`,
        toolCallId: `call_${number}`,
        arguments: order,
      }),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`the webhook answered ${statusCode}: ${text.slice(0, 300)}`);
    const answer = JSON.parse(text) as WebhookAnswer;
    if (answer.status !== 'succeeded') throw new Error(`the webhook did not succeed: ${text.slice(0, 300)}`);
    requireAnswerTo(order, answer.result);
    return traceId;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
