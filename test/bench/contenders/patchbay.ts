import { connect, credsAuthenticator, headers, type NatsConnection } from '@nats-io/transport-node';
import type { EdgeIdentity } from '../../replay/edge-node.ts';
import { CALL_TIMEOUT_MS, type Caller } from './contender.ts';
import { newTraceId, nextOrder, requireAnswerTo, traceparentOf } from './order.ts';

export interface PatchbayTarget {
  edge: EdgeIdentity;
  agentId: string;
  functionName: string;
}

/** A session and how many calls were made in it: all of them must be on record. */
export interface CalledSession {
  sessionId: string;
  calls: number;
}

/** The platform learns a shorter deadline than we wait: an answer after it is still seen, and counted. */
const DEADLINE_MS = CALL_TIMEOUT_MS - 1_000;

/** No call of a person is longer, and the timeline of one must fit into a message. */
const CALLS_A_SESSION = 1_000;

/** A voice edge node with as many calls going on as there are lanes: one connection, a session for each lane. */
export class PatchbayCaller implements Caller {
  readonly #target: PatchbayTarget;
  readonly #nats: NatsConnection;
  readonly #sessions: CalledSession[] = [];
  #calls = 0;

  private constructor(target: PatchbayTarget, nats: NatsConnection) {
    this.#target = target;
    this.#nats = nats;
  }

  static async connect(target: PatchbayTarget): Promise<PatchbayCaller> {
    const { edgeId, natsUrl, credentials } = target.edge;
    const nats = await connect({
      servers: natsUrl,
      authenticator: credsAuthenticator(new TextEncoder().encode(credentials)),
      inboxPrefix: `_INBOX_${edgeId}`,
      name: 'patchbay-bench',
      reconnect: false,
    });
    return new PatchbayCaller(target, nats);
  }

  async prepare(concurrency: number): Promise<void> {
    while (this.#sessions.length < concurrency) this.#sessions.push(await this.#start());
  }

  async #start(): Promise<CalledSession> {
    const body = { agent: this.#target.agentId, channel: 'phone', direction: 'inbound' };
    const { sessionId } = await this.#request<{ sessionId: string }>('session.start', body, newTraceId());
    return { sessionId, calls: 0 };
  }

  async call(lane: number): Promise<string> {
    const order = nextOrder();
    const traceId = newTraceId();
    const number = ++this.#calls;
    const { functionName } = this.#target;
    if (this.#sessions[lane]!.calls >= CALLS_A_SESSION) this.#sessions[lane] = await this.#start();
    const session = this.#sessions[lane]!;
    session.calls++;
    const body = {
      sessionId: session.sessionId,
      turnId: `trn_${number}`,
      toolCallId: `call_${functionName}_${number}`,
      function: functionName,
      arguments: order,
    };
    const outcome = await this.#request<{ status: string; result?: unknown }>('invoke', body, traceId);
    if (outcome.status !== 'succeeded')
      throw new Error(`invoke did not succeed: ${JSON.stringify(outcome).slice(0, 500)}`);
    requireAnswerTo(order, outcome.result);
    return traceId;
  }

  /** The one with the fewest calls: it took part only when the most were in flight. */
  lastSession(): CalledSession[] {
    return this.#sessions.slice(-1);
  }

  async close(): Promise<void> {
    const endedAt = new Date().toISOString();
    for (const { sessionId } of this.#sessions) {
      await this.#request('session.end', { sessionId, reason: 'completed', endedAt }, newTraceId());
    }
    await this.#nats.drain();
  }

  async #request<T>(operation: string, body: unknown, traceId: string): Promise<T> {
    const { organizationId, edgeId } = this.#target.edge;
    const marks = headers();
    marks.set('traceparent', traceparentOf(traceId));
    marks.set('patchbay-deadline-ms', String(DEADLINE_MS));
    const subject = `edge.v1.${organizationId}.${edgeId}.${operation}`;
    const reply = await this.#nats.request(subject, JSON.stringify(body), { headers: marks, timeout: CALL_TIMEOUT_MS });
    const text = reply.string();
    if (reply.headers?.has('Nats-Service-Error-Code'))
      throw new Error(`${operation} was refused: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }
}
