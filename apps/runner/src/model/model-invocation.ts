import type { SendResult } from '@patchbay/egress/send-result';
import type { CallerAnswer, Consent } from '../domain/caller-answer.ts';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { Asked } from '../domain/intent.ts';
import { repeatIsSafe } from '../domain/intent.ts';
import type { Verdict } from '../domain/verdict.ts';
import { Future } from './future.ts';
import type { ModelFunction } from './functions.ts';
import { keyOf, type IntentRow } from './rows.ts';

export interface InvokeInput {
  sessionId: string;
  turnId: string;
  function: ModelFunction;
  argumentsHash: string;
  idempotencyKey: string | null;
  deadlineMs: number;
  /** When the edge made the call, however often it is delivered. */
  calledAt: number;
}

export interface ModelOutcome {
  invocationId: string;
  status: Verdict['status'];
  replayed: boolean;
  readBack?: string;
}

/** One request on its way through the pipeline of a virtual runner. */
export class ModelInvocation {
  readonly deadlineAt: number;
  intent: { intentId: string; epoch: number; generation: number } | undefined;
  yes: { consent: Consent; answer: CallerAnswer } | undefined;
  committed = false;
  /** The term of its runner's lease in which its intent was committed. */
  leaseTerm = 0;
  goesOn = false;
  requestKey: string | undefined;
  repeated: ModelOutcome | undefined;
  sent: SendResult | undefined;
  /** A request of this intent may have had its effect: nothing but a success can be told for sure any more. */
  mayHaveHappened = false;
  readonly attempts: { invocationId: string; attempt: number; requestId: string }[] = [];
  verdict: Verdict | undefined;
  verifyInMs: number | null = null;
  durationMs = 0;
  stored: Future<void> | undefined;
  isStored = false;
  readonly goingOn = new Future<undefined>();
  readonly answered = new Future<ModelOutcome>();
  /** What its caller was told. */
  told: ModelOutcome | undefined;

  constructor(
    readonly invocationId: string,
    readonly input: InvokeInput,
    /** By the wall clock of its runner. */
    readonly receivedAt: number,
    /** By the monotonic one. */
    readonly startedAt: number,
  ) {
    this.deadlineAt = startedAt + input.deadlineMs;
  }

  leftMs(now: number): number {
    return this.deadlineAt - now;
  }

  get changesTheWorld(): boolean {
    return EFFECT_RULES[this.input.function.effect].changesTheWorld;
  }

  get repeatIsSafe(): boolean {
    return repeatIsSafe(this.input.function.effect, this.input.function.idempotency);
  }

  asked(orderedEpoch: number | null): Asked {
    const { function: called, argumentsHash, idempotencyKey } = this.input;
    return { function: called.name, argumentsHash, idempotencyKey, effect: called.effect, repeatIsSafe: this.repeatIsSafe, orderedEpoch };
  }

  query(): Pick<IntentRow, 'sessionId' | 'function' | 'argumentsHash' | 'idempotencyKey'> {
    const { sessionId, function: called, argumentsHash, idempotencyKey } = this.input;
    return { sessionId, function: called.name, argumentsHash, idempotencyKey };
  }

  /** Which wish of the caller it carries out. */
  get intentKey(): string | undefined {
    return this.intent && keyOf({ ...this.query(), epoch: this.intent.epoch });
  }

  intentRow(runnerId: string): IntentRow {
    const { intentId, epoch, generation } = this.intent!;
    const { invocationId, receivedAt } = this;
    return { ...this.query(), intentId, epoch, generation, invocationId, runnerId, receivedAt, committedAt: 0 };
  }

  outcome(): ModelOutcome {
    if (this.repeated) return { ...this.repeated, replayed: true };
    const { status, confirmation } = this.verdict ?? { status: 'pending' as const };
    return { invocationId: this.invocationId, status, replayed: false, ...(confirmation ? { readBack: confirmation.readBack } : {}) };
  }
}

/** Answers with the outcome of another invocation; nothing is sent. */
export function repeat(invocation: ModelInvocation, outcome: ModelOutcome): Verdict {
  invocation.repeated = outcome;
  return { status: outcome.status };
}
