import { connect, credsAuthenticator, headers, NoRespondersError, RequestError, TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as wait } from 'node:timers/promises';
import type { EdgeIdentity } from '../replay/edge-node.ts';
import { isTerminal, type Ask, type Call, type SeenOutcome } from './history.ts';

/** How long after its deadline an answer is still waited for, so that a late one is seen and counted. */
const PATIENCE_MS = 3_000;
const PAUSE_MS = 50;
/** `deadline + 30 s`, by which an accepted invocation has ended. */
const SETTLE_MS = 30_000;
/** With these, or with no answer, an edge may repeat what it asked. */
const REPEATED = new Set(['no_responders', 'no_answer', 'connection', 'unavailable', 'overloaded', 'deadline_exceeded']);

export type Reply = Record<string, unknown>;

/** A request that got no reply to work with: `no_responders`, `no_answer`, `connection`, or the platform's own code. */
export class EdgeProblem extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export interface InvokeOptions {
  deadlineMs: number;
  patienceMs?: number;
}

/** A voice edge node as anybody could write it, that remembers how long each answer took. */
export class Edge {
  readonly identity: EdgeIdentity;
  readonly nats: NatsConnection;
  /** What `result` events have told later: invocation → status. */
  readonly told = new Map<string, string>();

  private constructor(identity: EdgeIdentity, nats: NatsConnection) {
    this.identity = identity;
    this.nats = nats;
    nats.subscribe(`call.v1.${identity.organizationId}.${identity.edgeId}.*.result`, {
      callback: (error, message) => {
        // What was not heard is missing in `told`, and found there.
        if (error) return;
        const { outcome } = message.json<{ outcome: { invocationId: string; status: string } }>();
        this.told.set(outcome.invocationId, outcome.status);
      },
    });
  }

  static async connect(identity: EdgeIdentity): Promise<Edge> {
    const nats = await connect({
      servers: identity.natsUrl,
      authenticator: credsAuthenticator(new TextEncoder().encode(identity.credentials)),
      inboxPrefix: `_INBOX_${identity.edgeId}`,
      name: 'patchbay-faults',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      reconnectJitter: 50,
      ignoreAuthErrorAbort: true,
    });
    return new Edge(identity, nats);
  }

  /** Rejects with an EdgeProblem. */
  async request(operation: string, body: unknown, { deadlineMs, patienceMs = PATIENCE_MS }: InvokeOptions): Promise<Reply> {
    const { organizationId, edgeId } = this.identity;
    const marks = headers();
    marks.set('patchbay-deadline-ms', String(deadlineMs));
    const options = { headers: marks, timeout: deadlineMs + patienceMs };
    try {
      const reply = await this.nats.request(`edge.v1.${organizationId}.${edgeId}.${operation}`, JSON.stringify(body), options);
      const value = reply.json<Reply>();
      if (!reply.headers?.has('Nats-Service-Error-Code')) return value;
      throw new EdgeProblem(String(value['code']), JSON.stringify(value).slice(0, 300));
    } catch (thrown) {
      throw toProblem(thrown);
    }
  }

  /** For what a test needs to go well, e.g. `session.start`; asked again while nobody answers. */
  async ask(operation: string, body: unknown): Promise<Reply> {
    for (const endsAt = Date.now() + SETTLE_MS; ;) {
      try {
        return await this.request(operation, body, { deadlineMs: 10_000 });
      } catch (problem) {
        if (!(problem instanceof EdgeProblem) || !REPEATED.has(problem.code) || Date.now() > endsAt) throw problem;
        await wait(PAUSE_MS);
      }
    }
  }

  /** One request for the call; never rejects. */
  async invoke(call: Call, options: InvokeOptions): Promise<Ask> {
    return this.#seen(call, options, 'invoke', call);
  }

  /**
   * As an edge that loses answers behaves: the same call again until there is an outcome, and an outcome that is `pending`
   * is asked for until it has ended. Never rejects; the last one tells what is known in the end.
   */
  async invokeUntilEnded(call: Call, options: InvokeOptions): Promise<Ask[]> {
    const asks = [await this.invoke(call, options)];
    const endsAt = Date.now() + options.deadlineMs + SETTLE_MS;
    for (;;) {
      const { outcome, problem } = asks.at(-1)!;
      const ended = outcome ? isTerminal(outcome.status) : !REPEATED.has(problem ?? '');
      if (ended || Date.now() > endsAt) return asks;
      await wait(PAUSE_MS);
      asks.push(outcome ? await this.get(call, outcome.invocationId) : await this.invoke(call, options));
    }
  }

  /** The outcome as it stands. */
  get(call: Call, invocationId: string): Promise<Ask> {
    return this.#seen(call, { deadlineMs: 2_000 }, 'invocation.get', { invocationId });
  }

  async close(): Promise<void> {
    await this.nats.close();
  }

  async #seen(call: Call, options: InvokeOptions, operation: string, body: unknown): Promise<Ask> {
    const ask: Ask = { call, deadlineMs: options.deadlineMs, sentAtMs: Date.now(), endedAtMs: 0, outcome: null, problem: null };
    const startedAt = performance.now();
    try {
      ask.outcome = toOutcome(await this.request(operation, body, options));
    } catch (problem) {
      ask.problem = toProblem(problem).code;
    }
    ask.endedAtMs = ask.sentAtMs + performance.now() - startedAt;
    return ask;
  }
}

function toOutcome(reply: Reply): SeenOutcome {
  const error = reply['error'] as { code?: string; retryAfterMs?: number } | undefined;
  return {
    invocationId: String(reply['invocationId']),
    status: String(reply['status']),
    result: reply['result'] ?? null,
    code: error?.code ?? null,
    retryAfterMs: error?.retryAfterMs ?? null,
    replayed: reply['replayed'] === true,
    attempts: Number(reply['attempts']),
  };
}

function toProblem(thrown: unknown): EdgeProblem {
  if (thrown instanceof EdgeProblem) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof NoRespondersError || (thrown instanceof RequestError && thrown.isNoResponders()))
    return new EdgeProblem('no_responders', message);
  if (thrown instanceof TimeoutError || (thrown instanceof RequestError && thrown.cause instanceof TimeoutError))
    return new EdgeProblem('no_answer', message);
  return new EdgeProblem('connection', message);
}
