import { context, type Attributes } from '@opentelemetry/api';
import type { EdgeRpc, ReplyOf, RequestOf } from '@patchbay/contracts/define';
import { edge, type CallEventKind } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { CallEventHandler, CallEvents } from './call-events.ts';
import type { EdgeRequests } from './edge-requests.ts';
import { newTurnId } from './new-turn-id.ts';
import { ATTR } from './span-attributes.ts';
import { TurnSpan } from './turn-span.ts';

/** What the platform answers to `session.start`. Source: the edge contract, v1. */
export type SessionStarted = ReplyOf<typeof edge.startSession>;

/** One utterance that is over. `timings` are milliseconds. */
export interface TurnReport extends Omit<
  RequestOf<typeof edge.turn>,
  'sessionId' | 'turnId' | 'index' | 'startedAt' | 'endedAt'
> {
  startedAt: Date;
  endedAt: Date;
  /** Made by `newTurnId()` unless given. Reporting a turn again under its id is safe. */
  turnId?: string;
  /** Place of the turn in the call, from 0; counted here unless given. */
  index?: number;
}

/** A function call as the model asked for it. */
export interface InvokeRequest extends Omit<RequestOf<typeof edge.invoke>, 'sessionId'> {
  /** Milliseconds until an answer is of no use; the turn budget of the agent unless given. */
  deadlineMs?: number;
}

/** What became of a directive. `turnId`, which its event carries, is the turn whose trace the report belongs to; it is not sent. */
export interface DirectiveReport extends Omit<RequestOf<typeof edge.reportDirective>, 'sessionId'> {
  turnId?: string;
}

export interface SessionParts {
  requests: EdgeRequests;
  events: CallEvents;
  attributes: Attributes;
  /** For everything but `invoke`, in milliseconds. */
  deadlineMs: number;
  /** Where a session leaves how to let go of what it holds in this process, until it has ended. */
  held: Set<() => void>;
}

/**
 * One call. Every method rejects with `ServiceError`: what the platform said (`session_ended`, `invalid_arguments` with the
 * fields, ...), `unavailable` when it was not received, `deadline_exceeded` when no answer came and it may have been carried out.
 */
export class Session {
  readonly sessionId: string;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly instructions: string;
  readonly turnBudgetMs: number;
  readonly maxDurationMs: number;
  readonly inactivity: SessionStarted['inactivity'];
  readonly #parts: SessionParts;
  #menu: Pick<SessionStarted, 'functions' | 'unavailable'>;
  readonly #turns = new Map<string, { span: TurnSpan; index: number }>();
  /** The newest turn of each side, whose span is still open. */
  readonly #current = new Map<string, TurnSpan>();

  /** Made by `Edge.startSession`. */
  constructor(started: SessionStarted, parts: SessionParts) {
    this.sessionId = started.sessionId;
    this.agentId = started.agentId;
    this.agentVersion = started.agentVersion;
    this.instructions = started.instructions;
    this.#menu = started;
    this.turnBudgetMs = started.turnBudgetMs;
    this.maxDurationMs = started.maxDurationMs;
    this.inactivity = started.inactivity;
    this.#parts = parts;
    parts.held.add(this.#release);
    // First of all handlers: who is told of a change finds the session changed.
    this.on('functions', (menu) => void (this.#menu = menu));
  }

  /** The functions that can be called now; a `functions` event changes them. */
  get functions(): SessionStarted['functions'] {
    return this.#menu.functions;
  }

  /** The functions that cannot be called now, each with a sentence to say; a `functions` event changes them. */
  get unavailable(): SessionStarted['unavailable'] {
    return this.#menu.unavailable;
  }

  /** Reports an utterance. What is invoked with its `turnId` belongs to its trace, from the moment of this call on. */
  async turn(report: TurnReport): Promise<ReplyOf<typeof edge.turn>> {
    const { turnId = newTurnId(), index: _given, startedAt, endedAt, ...rest } = report;
    const times = { startedAt: isoTime('startedAt', startedAt), endedAt: isoTime('endedAt', endedAt) };
    const { index } = this.#turns.get(turnId) ?? this.#open(turnId, report);
    return this.#ask(edge.turn, { sessionId: this.sessionId, ...rest, turnId, index, ...times }, turnId);
  }

  /** Runs a function. Only an outcome of `succeeded` lets the agent say that it is done; a rejection after the sending means `unknown`. */
  invoke({ deadlineMs = this.turnBudgetMs, ...request }: InvokeRequest): Promise<Outcome> {
    return this.#ask(edge.invoke, { sessionId: this.sessionId, ...request }, request.turnId, deadlineMs);
  }

  /** Cancels what was invoked for a tool call, as after a barge-in, also while its invocation id is not known yet; the outcome tells whether that was in time. */
  cancel({ toolCallId, reason }: { toolCallId: string; reason: string }): Promise<Outcome> {
    return this.#ask(edge.cancelInvocation, { sessionId: this.sessionId, toolCallId, reason });
  }

  /** Reports what became of a directive; the outcome is that of its invocation, now settled. */
  reportDirective({ turnId, ...report }: DirectiveReport): Promise<Outcome> {
    return this.#ask(edge.reportDirective, { sessionId: this.sessionId, ...report }, turnId);
  }

  /** Reports how much of a result the caller heard; `turnId` is the agent's turn that said it. */
  async heard(report: Omit<RequestOf<typeof edge.heard>, 'sessionId'>): Promise<void> {
    await this.#ask(edge.heard, { sessionId: this.sessionId, ...report }, report.turnId);
  }

  /** Ends the call and its events. `settling` invocations are still being verified. May be called again when it was rejected. */
  async end({
    reason,
    endedAt = new Date(),
  }: {
    reason: string;
    endedAt?: Date;
  }): Promise<ReplyOf<typeof edge.endSession>> {
    const body = { sessionId: this.sessionId, reason, endedAt: isoTime('endedAt', endedAt) };
    this.#release();
    return this.#ask(edge.endSession, body);
  }

  /**
   * Calls the handler for each event of a kind, until the returned function is called or the session ends. Events are checked against
   * `CALL_EVENTS` of the contracts; one that does not fit reaches no handler, and `onProblem` of the edge is told.
   */
  on<K extends CallEventKind>(kind: K, handler: CallEventHandler<K>): () => void {
    return this.#parts.events.on(this.sessionId, kind, handler);
  }

  /** The spans of its turns end, and its events reach nobody any more. */
  readonly #release = (): void => {
    for (const span of this.#current.values()) span.close();
    this.#current.clear();
    this.#parts.events.forget(this.sessionId);
    this.#parts.held.delete(this.#release);
  };

  #open(turnId: string, { role, interrupted = false, startedAt, endedAt, index = this.#turns.size }: TurnReport) {
    const own = { [ATTR.turnId]: turnId, [ATTR.turnIndex]: index, [ATTR.wasInterrupted]: interrupted };
    const span = new TurnSpan({ startedAt, endedAt, attributes: { ...this.#attributes(), ...own } });
    this.#current.get(role)?.close();
    this.#current.set(role, span);
    const turn = { span, index };
    this.#turns.set(turnId, turn);
    return turn;
  }

  #ask<C extends EdgeRpc>(
    contract: C,
    body: RequestOf<C>,
    turnId?: string,
    deadlineMs = this.#parts.deadlineMs,
  ): Promise<ReplyOf<C>> {
    const span = turnId === undefined ? undefined : this.#turns.get(turnId)?.span;
    const attributes = { ...this.#attributes(), ...(turnId === undefined ? {} : { [ATTR.turnId]: turnId }) };
    const asked = this.#parts.requests.ask(contract, body, {
      deadlineMs,
      parent: span?.context ?? context.active(),
      attributes,
    });
    return span ? span.during(asked) : asked;
  }

  #attributes(): Attributes {
    return {
      ...this.#parts.attributes,
      [ATTR.conversationId]: this.sessionId,
      [ATTR.sessionId]: this.sessionId,
      [ATTR.agentId]: this.agentId,
      [ATTR.agentVersion]: this.agentVersion,
    };
  }
}

function isoTime(path: string, at: Date): string {
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw ServiceError.fields('invalid_arguments', `${path}: is not a valid date.`, [
    { path, problem: 'is not a valid date' },
  ]);
}
