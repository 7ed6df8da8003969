import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { InputOf, Rpc, RpcGroup } from '@patchbay/contracts/define';
import { ERROR_CODE_HEADER, ERROR_WORD_HEADER, ServiceError } from '@patchbay/contracts/errors';

/** What may be answered: fields that have a default may be left out, as a service of an earlier release does. */
type AnswerOf<C extends Rpc> = C['output']['_zod']['input'];
type HandlersOf<G extends RpcGroup> = { [K in keyof G]?: (input: InputOf<G[K]>) => Promise<AnswerOf<G[K]>> };
type Handler = (input: unknown) => Promise<unknown>;

/** Stands in for a neighbour in tests, on its real subjects; a fake that drifts from the contract does not compile. */
export function fakeService<G extends RpcGroup>(nats: NatsConnection, group: G, handlers: HandlersOf<G>): Subscription[] {
  return (Object.entries(handlers) as [string, Handler][]).map(([name, handler]) => {
    const contract = group[name]!;
    return nats.subscribe(contract.subject, {
      callback: (_error, message) => void answer((input) => handler(contract.input.parse(input)), message),
    });
  });
}

async function answer(handler: Handler, message: Msg): Promise<void> {
  try {
    message.respond(JSON.stringify(await handler(message.json())));
  } catch (thrown) {
    const error = thrown instanceof ServiceError ? thrown : new ServiceError('internal', String(thrown));
    const marks = headers();
    marks.set(ERROR_CODE_HEADER, String(error.status));
    marks.set(ERROR_WORD_HEADER, error.code);
    message.respond(JSON.stringify(error.toBody()), { headers: marks });
  }
}
