import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { CALL_EVENTS, type CallEvent, type CallEventKind } from '@patchbay/contracts/edge';
import { fieldProblems, ServiceError } from '@patchbay/contracts/errors';

/** Receives an event of a kind, checked against the contract. What it throws goes to `onProblem` of the edge. */
export type CallEventHandler<K extends CallEventKind> = (event: CallEvent<K>) => void | Promise<void>;

/** As the registry holds them: `receive` hands a handler only what was checked for the kind it was put under. */
type AnyHandler = (event: unknown) => void | Promise<void>;
type Handlers = Map<string, Set<AnyHandler>>;

export interface CallEventsOptions {
  nats: NatsConnection;
  organizationId: string;
  edgeId: string;
  onProblem: (problem: Error) => void;
}

/** Hands the events of all calls of an edge to the sessions they belong to; one subscription, however many calls. */
export class CallEvents {
  readonly #sessions = new Map<string, Handlers>();

  private constructor(private readonly onProblem: (problem: Error) => void) {}

  /** Rejects with `forbidden` when the credentials are of another organization or edge. */
  static async listen({ nats, organizationId, edgeId, onProblem }: CallEventsOptions): Promise<CallEvents> {
    const events = new CallEvents(onProblem);
    let refusal: ServiceError | undefined;
    let report = (refused: ServiceError) => {
      refusal = refused;
    };
    nats.subscribe(`call.v1.${organizationId}.${edgeId}.>`, {
      callback: (cause, message) => {
        if (!cause) events.#receive(message);
        else
          report(
            new ServiceError('forbidden', `These credentials are not of ${edgeId} of ${organizationId}.`, { cause }),
          );
      },
    });
    // The server refuses before it answers the flush. Later it refuses only when the permissions were changed.
    await nats.flush();
    if (refusal) throw refusal;
    report = onProblem;
    return events;
  }

  /** Calls the handler for each event of a kind until the returned function is called. */
  on<K extends CallEventKind>(sessionId: string, kind: K, handler: CallEventHandler<K>): () => void {
    const handlers: Handlers = this.#sessions.get(sessionId) ?? new Map<string, Set<AnyHandler>>();
    const ofKind = handlers.get(kind) ?? new Set();
    this.#sessions.set(sessionId, handlers.set(kind, ofKind.add(handler as AnyHandler)));
    return () => void ofKind.delete(handler as AnyHandler);
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  #receive(message: Msg): void {
    const [, , , , sessionId = '', kind = ''] = message.subject.split('.');
    const handlers = this.#sessions.get(sessionId)?.get(kind);
    if (!handlers || !isKind(kind)) return;
    try {
      const event = readEvent(message, sessionId, kind);
      for (const handler of handlers) this.#run(handler, event);
    } catch (problem) {
      this.onProblem(problem as ServiceError);
    }
  }

  /** Apart from the connection's own reader, which must not see what a handler throws. */
  #run(handler: AnyHandler, event: unknown): void {
    Promise.resolve()
      .then(() => handler(event))
      .catch((thrown: unknown) => this.onProblem(thrown instanceof Error ? thrown : new Error(String(thrown))));
  }
}

function isKind(kind: string): kind is CallEventKind {
  return Object.hasOwn(CALL_EVENTS, kind);
}

/** Throws `internal`, naming the subject and what is wrong with the body, never the body itself: it may hold what a caller said. */
function readEvent<K extends CallEventKind>(message: Msg, sessionId: string, kind: K): CallEvent<K> {
  const parsed = CALL_EVENTS[kind].safeParse(readJson(message));
  if (!parsed.success) {
    const fields = fieldProblems(parsed.error);
    const words = fields.map(({ path, problem }) => `${path} ${problem}`).join('; ');
    throw ServiceError.fields('internal', `An event at ${message.subject} is not as the contract says: ${words}.`, fields);
  }
  if (parsed.data.sessionId === sessionId) return parsed.data as CallEvent<K>;
  const fields = [{ path: 'sessionId', problem: 'is not the one in the subject' }];
  throw ServiceError.fields('internal', `An event at ${message.subject} is of another session.`, fields);
}

function readJson(message: Msg): unknown {
  try {
    return message.json();
  } catch (cause) {
    throw new ServiceError('internal', `An event at ${message.subject} is not JSON.`, { cause });
  }
}
