import {
  connect,
  credsAuthenticator,
  headers,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
import { ParsedJson, UnreadableInput } from './parsed-json.ts';

/** What a request of the replay may take in all, so that a service that restarts loses nothing. */
export const REQUEST_MS = 30_000;
/** What one try of it may take; the platform learns it as its deadline. */
const TRY_MS = 10_000;
/** An answer may be 100 ms later than its deadline; the rest is the way back on a busy machine. */
const ANSWER_GRACE_MS = 500;
const PAUSE_MS = { first: 50, longest: 500 };

export interface EdgeRequest {
  /** The last part of the subject, e.g. `session.start`. */
  operation: string;
  body: unknown;
  traceparent: string;
  /** May arrive twice without harm: only then it is asked again when no answer came. */
  repeatable: boolean;
}

export interface EdgeIdentity {
  organizationId: string;
  edgeId: string;
  natsUrl: string;
  /** The text of a NATS credentials file. */
  credentials: string;
}

/** A request that got no valid reply; `code` is the platform's, or `no_responders`, `no_answer`, `unreadable_reply`, `connection`. */
export class EdgeProblem extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(`${code}: ${message}`, { cause });
    this.name = 'EdgeProblem';
    this.code = code;
  }
}

/** A voice edge node as anybody could write it: a NATS client and JSON. */
export class EdgeNode {
  readonly identity: EdgeIdentity;
  readonly #nats: NatsConnection;

  private constructor(identity: EdgeIdentity, nats: NatsConnection) {
    this.identity = identity;
    this.#nats = nats;
  }

  static async connect(identity: EdgeIdentity): Promise<EdgeNode> {
    const nats = await connect({
      servers: identity.natsUrl,
      authenticator: credsAuthenticator(new TextEncoder().encode(identity.credentials)),
      // The server lets an edge listen nowhere else, and the platform answers nowhere else.
      inboxPrefix: `_INBOX_${identity.edgeId}`,
      name: 'patchbay-replay',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
      ignoreAuthErrorAbort: true,
      pingInterval: 5_000,
    });
    return new EdgeNode(identity, nats);
  }

  async ask(request: EdgeRequest): Promise<ParsedJson> {
    const { organizationId, edgeId } = this.identity;
    const subject = `edge.v1.${organizationId}.${edgeId}.${request.operation}`;
    const body = JSON.stringify(request.body);
    const send = async (tryMs: number) => {
      const marks = headers();
      marks.set('traceparent', request.traceparent);
      marks.set('patchbay-deadline-ms', String(tryMs));
      return readReply(
        await this.#nats.request(subject, body, { headers: marks, timeout: tryMs + ANSWER_GRACE_MS }),
        subject,
      );
    };
    return askUntil(send, { withinMs: REQUEST_MS, repeatable: request.repeatable });
  }

  async close(): Promise<void> {
    await this.#nats.drain();
  }
}

/** Asks again while that is safe: nobody received it, it was not accepted, or it may arrive twice. */
export async function askUntil(
  send: (tryMs: number) => Promise<ParsedJson>,
  limits: { withinMs: number; repeatable: boolean },
): Promise<ParsedJson> {
  const endsAt = performance.now() + limits.withinMs;
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
    const leftMs = Math.max(1, Math.floor(endsAt - performance.now()));
    try {
      return await send(Math.min(leftMs, TRY_MS));
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (!mayAskAgain(problem, limits.repeatable) || performance.now() + pauseMs >= endsAt) throw problem;
      await delay(pauseMs);
    }
  }
}

/** With these the platform says that it has not taken the request on. */
const NOT_ACCEPTED = new Set(['no_responders', 'unavailable', 'overloaded']);
/** After these it may have been carried out. */
const UNCERTAIN = new Set(['no_answer', 'deadline_exceeded']);

function mayAskAgain({ code }: EdgeProblem, repeatable: boolean): boolean {
  return NOT_ACCEPTED.has(code) || (repeatable && UNCERTAIN.has(code));
}

function toProblem(thrown: unknown): EdgeProblem {
  if (thrown instanceof EdgeProblem) return thrown;
  if (thrown instanceof UnreadableInput) return new EdgeProblem('unreadable_reply', thrown.message, thrown);
  if (thrown instanceof NoRespondersError || (thrown instanceof RequestError && thrown.isNoResponders())) {
    return new EdgeProblem('no_responders', 'nobody listens on the subject', thrown);
  }
  if (thrown instanceof TimeoutError || (thrown instanceof RequestError && thrown.cause instanceof TimeoutError)) {
    return new EdgeProblem('no_answer', 'no answer came before the deadline', thrown);
  }
  return new EdgeProblem('connection', thrown instanceof Error ? thrown.message : String(thrown), thrown);
}

function readReply(message: Msg, subject: string): ParsedJson {
  const body = ParsedJson.parse(message.string(), `the reply to ${subject}`);
  if (!message.headers?.has('Nats-Service-Error-Code')) return body;
  const fields = body.has('details') ? ` ${JSON.stringify(body.at('details').value)}` : '';
  throw new EdgeProblem(body.at('code').string(), `${body.at('message').string()}${fields}`);
}
