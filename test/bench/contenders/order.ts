import { randomBytes } from 'node:crypto';

/** The arguments that every contender is given; `orderId` differs from call to call, so that nothing can be answered from memory. */
export interface OrderArguments {
  orderId: string;
  includeItems: boolean;
  language: string;
}

/** Their JSON Schema: validated by the webhook with ajv and by Patchbay as the tool's parameters. */
export const ORDER_PARAMETERS = {
  type: 'object',
  additionalProperties: false,
  required: ['orderId', 'language'],
  properties: {
    orderId: { type: 'string', pattern: '^A[0-9]{6,12}$', description: 'The number on the receipt.' },
    includeItems: { type: 'boolean', description: 'Whether the items of the order are wanted.' },
    language: { type: 'string', enum: ['en', 'es', 'de'], description: 'Of the sentence to say.' },
  },
};

let lastNumber = 100_000;

export function nextOrder(): OrderArguments {
  return { orderId: `A${++lastNumber}`, includeItems: true, language: 'en' };
}

/** Where the provider answers a read. */
export function orderPath({ orderId, includeItems, language }: OrderArguments): string {
  return `/orders/${encodeURIComponent(orderId)}?includeItems=${includeItems}&language=${language}`;
}

export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

/** As a voice agent sends it with its turn: sampled. */
export function traceparentOf(traceId: string): string {
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
}

/** Throws unless the answer is the one to this order. */
export function requireAnswerTo({ orderId }: OrderArguments, answer: unknown): void {
  if (typeof answer === 'object' && answer !== null && 'orderId' in answer && answer.orderId === orderId) return;
  throw new Error(`the answer is not the one to order ${orderId}: ${JSON.stringify(answer)?.slice(0, 300)}`);
}
