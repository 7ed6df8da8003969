import { context, type Attributes } from '@opentelemetry/api';
import type { RequestOf } from '@patchbay/contracts/define';
import { edge } from '@patchbay/contracts/edge';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { CallEvents } from './call-events.ts';
import type { EdgeRequests } from './edge-requests.ts';
import type { Link } from './link.ts';
import { Session } from './session.ts';

/** A call to begin. Source: `session.start` of the edge contract, v1. */
export type CallStart = RequestOf<typeof edge.startSession>;

export interface EdgeParts {
  link: Link;
  requests: EdgeRequests;
  events: CallEvents;
  attributes: Attributes;
  deadlineMs: number;
}

/** A voice edge, connected. Every method rejects with `ServiceError`, as those of `Session` do. */
export class Edge {
  readonly #parts: EdgeParts;
  /** What sessions that have not ended hold here. */
  readonly #held = new Set<() => void>();

  /** Made by `connectEdge`. */
  constructor(parts: EdgeParts) {
    this.#parts = parts;
  }

  /** Begins a call with an agent, named or by id: `not_found` when it is not deployed, `forbidden` when the edge is unknown. */
  async startSession(call: CallStart): Promise<Session> {
    const started = await this.#parts.requests.ask(edge.startSession, call, this.#ask());
    return new Session(started, { ...this.#parts, held: this.#held });
  }

  /** The outcome of an invocation as it stands; `not_found` when there is none. */
  getInvocation(invocationId: string): Promise<Outcome> {
    return this.#parts.requests.ask(edge.getInvocation, { invocationId }, this.#ask());
  }

  /** Cancels an invocation that was not sent yet, or a read under way; the outcome tells whether that was in time. */
  cancelInvocation(invocationId: string, reason: string): Promise<Outcome> {
    return this.#parts.requests.ask(edge.cancelInvocation, { invocationId, reason }, this.#ask());
  }

  /** Takes no further request, waits for the answers still to come, then closes the connection. Sessions are not ended on the platform. */
  async close(): Promise<void> {
    await this.#parts.requests.close();
    for (const release of this.#held) release();
    await this.#parts.link.close();
  }

  #ask() {
    return { deadlineMs: this.#parts.deadlineMs, parent: context.active(), attributes: this.#parts.attributes };
  }
}
