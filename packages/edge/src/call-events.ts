import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { ServiceError } from '@patchbay/contracts/errors';

/**
 * What the platform tells an edge during a call: `progress` (say this while waiting), `result` (an outcome that was `pending`),
 * `functions` (the menu changed), `directive` (call control). Source: the edge contract, v1.
 */
export type CallEventKind = 'progress' | 'result' | 'functions' | 'directive';

/** Receives the body of an event as it came, parsed from JSON. What it throws goes to `onProblem` of the edge. */
export type CallEventHandler = (payload: unknown) => void | Promise<void>;

type Handlers = Map<string, Set<CallEventHandler>>;

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
  on(sessionId: string, kind: CallEventKind, handler: CallEventHandler): () => void {
    const handlers: Handlers = this.#sessions.get(sessionId) ?? new Map<string, Set<CallEventHandler>>();
    const ofKind = handlers.get(kind) ?? new Set();
    this.#sessions.set(sessionId, handlers.set(kind, ofKind.add(handler)));
    return () => void ofKind.delete(handler);
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  #receive(message: Msg): void {
    const [, , , , sessionId = '', kind = ''] = message.subject.split('.');
    const handlers = this.#sessions.get(sessionId)?.get(kind);
    if (!handlers) return;
    try {
      const payload: unknown = message.json();
      for (const handler of handlers) this.#run(handler, payload);
    } catch (cause) {
      this.onProblem(new ServiceError('internal', `An event at ${message.subject} is not JSON.`, { cause }));
    }
  }

  /** Apart from the connection's own reader, which must not see what a handler throws. */
  #run(handler: CallEventHandler, payload: unknown): void {
    Promise.resolve()
      .then(() => handler(payload))
      .catch((thrown: unknown) => this.onProblem(thrown instanceof Error ? thrown : new Error(String(thrown))));
  }
}
