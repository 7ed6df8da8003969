import type { ArgumentOrigin } from '@patchbay/contracts/action';
import type { Speech } from '@patchbay/contracts/agents';
import type { SessionSnapshot } from '@patchbay/contracts/calls';
import type { ResolvedConnection } from '@patchbay/contracts/connections';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { Attempt, ConsentEvidence, Decision } from '@patchbay/contracts/runner';
import { maskForEvidence } from '@patchbay/egress/mask-fields';
import type { SendResult } from '@patchbay/egress/send-result';
import { newId } from '@patchbay/service-kit/identity/new-id';
import type { Deadline, RequestContext } from '@patchbay/service-kit/messaging/request-context';
import type { Normalised } from '../arguments/prepared-arguments.ts';
import type { CallerAnswer, Consent } from '../domain/caller-answer.ts';
import type { IntentRef } from '../domain/intent.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { CompiledFunction } from '../outside/agent-functions.ts';
import type { CallRequest } from '../outside/call-events.ts';
import type { InvocationFacts } from '../tables/invocation.table.ts';
import type { PreparedRequest, RequestOrigin } from './build-request.ts';
import { canonicalText, hashOf } from './canonical-arguments.ts';

/** One request to run a function, on its way through the pipeline; each step fills in what it found out. */
export class Invocation {
  readonly invocationId = newId('invocation');
  readonly receivedAt = new Date();
  readonly #startedAt = performance.now();
  readonly organizationId: string;
  readonly edgeId: string;
  readonly attempts: Attempt[] = [];
  readonly decisions: Decision[] = [];
  #abort: AbortController | undefined;
  #canonical: string | undefined;
  #going: (() => void) | undefined;
  #waiting: ((outcome: Outcome) => void)[] = [];
  /** Equal requests have the same key; only the one that leads has it here. */
  requestKey: string | undefined;

  /** Of the turn, which all its calls share: what may still be sent. */
  deadline: Deadline | null;
  /** Of this request: a repeat is answered although its turn is over. */
  replyBy: Deadline | null;
  session: SessionSnapshot | undefined;
  speech: Speech = { language: 'en', region: 'US', timeZone: 'UTC' };
  versionId = '';
  function: CompiledFunction | undefined;
  /** As checked: with static and bound ones, spoken values normalised. */
  arguments: Record<string, unknown>;
  origins: Record<string, ArgumentOrigin> = {};
  normalised: Normalised[] = [];
  intent: IntentRef | undefined;
  /** The yes that its intent is committed with. */
  yes: { consent: Consent; answer: CallerAnswer } | undefined;
  consent: ConsentEvidence | null = null;
  credential: ResolvedConnection | undefined;
  /** The version of the credential that the provider refused, before the previous one took its place. */
  refusedCredential: number | null = null;
  /** Its request, made while its intent was committed. */
  prepared: PreparedRequest | undefined;
  sent: SendResult | undefined;
  /** The intent is in the database: it must be settled there. */
  committed = false;
  /** The lease under which its intent was committed. */
  leaseTerm = 0;
  /** A request of this intent may have had its effect: nothing but a success can be told for sure any more. */
  mayHaveHappened = false;
  /** Takes longer than the turn: it is answered `pending` and goes on. */
  goesOn = false;
  /** The outcome of another invocation, which this one is answered with. */
  repeated: Outcome | undefined;
  /** How long until an `unknown` write is looked at again; null: it is not. */
  verifyInMs: number | null = null;
  /** What its caller was told. */
  answered: Outcome | undefined;
  /** Settled when its outcome is stored. */
  stored: Promise<void> | undefined;
  durationMs: number | null = null;
  verdict: Verdict | undefined;

  constructor(
    readonly input: InputOf<typeof edge.invoke>,
    request: RequestContext,
    readonly traceId: string,
  ) {
    this.organizationId = request.organizationId;
    this.edgeId = request.edgeId;
    this.deadline = request.deadline;
    this.replyBy = request.deadline;
    this.arguments = input.arguments;
  }

  get elapsedMs(): number {
    return Math.round((performance.now() - this.#startedAt) * 100) / 100;
  }

  /** Of the turn's budget; without one, of the function's own time. */
  get leftMs(): number {
    return this.deadline?.remainingMs ?? this.function?.timeoutMs ?? 0;
  }

  get replyLeftMs(): number {
    return this.replyBy?.remainingMs ?? this.leftMs;
  }

  get changesTheWorld(): boolean {
    return this.function !== undefined && EFFECT_RULES[this.function.effect].changesTheWorld;
  }

  /** Whose requests these are. */
  get origin(): RequestOrigin {
    return {
      organizationId: this.organizationId,
      agentId: this.session?.agentId ?? '',
      sessionId: this.input.sessionId,
      callerNumber: this.session?.callerNumber ?? null,
      invocationId: this.invocationId,
      intentId: this.intent?.intentId ?? null,
      function: this.input.function,
    };
  }

  /** Which request of which call an event is about. */
  get about(): CallRequest {
    const { sessionId, turnId, toolCallId, function: name } = this.input;
    const { organizationId, edgeId, invocationId } = this;
    return { organizationId, edgeId, sessionId, turnId, toolCallId, function: name, invocationId };
  }

  get canonicalArguments(): string {
    this.#canonical ??= canonicalText(this.arguments);
    return this.#canonical;
  }

  /** The arguments with what the schema marks as personal masked; undefined when nothing of them is. */
  get shownArguments(): Record<string, unknown> | undefined {
    const schema = this.function?.schema ?? this.function?.parameters;
    const masked = maskForEvidence(this.arguments, schema) as Record<string, unknown>;
    return masked === this.arguments ? undefined : masked;
  }

  get argumentsHash(): string {
    return hashOf(this.canonicalArguments);
  }

  /** Aborted by a cancel. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  cancel(): void {
    this.#abort ??= new AbortController();
    this.#abort.abort();
  }

  /** What was prepared, once, and only if nothing that it was made with has changed since. */
  takePrepared(): PreparedRequest | undefined {
    const { prepared } = this;
    this.prepared = undefined;
    return prepared?.credential === this.credential && prepared?.intent === this.intent ? prepared : undefined;
  }

  /** Keeps what was decided and why, as evidence. */
  decide(step: string, decision: string, why?: string): void {
    this.decisions.push(why === undefined ? { step, decision } : { step, decision, why });
  }

  /** From now on the turn no longer waits for it. */
  goOn(): void {
    this.goesOn = true;
    this.#going?.();
  }

  whenGoingOn(): Promise<undefined> {
    return new Promise((resolve) => (this.#going = () => resolve(undefined)));
  }

  /** The outcome once there is one; for equal requests that came meanwhile. */
  whenAnswered(): Promise<Outcome> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  answer(outcome: Outcome): void {
    this.answered = outcome;
    for (const resolve of this.#waiting.splice(0)) resolve(outcome);
  }

  /** As it stands: `pending` until there is a verdict. */
  outcome(): Outcome {
    if (this.repeated) return { ...this.repeated, replayed: true, traceId: this.traceId };
    return {
      invocationId: this.invocationId,
      ...(this.verdict ?? { status: 'pending' as const }),
      replayed: false,
      attempts: this.attempts.length,
      durationMs: this.durationMs ?? this.elapsedMs,
      traceId: this.traceId,
    };
  }

  facts(): InvocationFacts {
    return {
      intentId: this.intent?.intentId ?? null,
      decisions: this.decisions,
      origins: this.origins,
      consent: this.consent,
      replayOf: this.repeated?.invocationId ?? null,
      seal: null,
      ...(this.shownArguments ? { shownArguments: this.shownArguments } : {}),
    };
  }
}

/** A step of the pipeline; a verdict ends the invocation, nothing lets it go on. */
export interface Step {
  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined>;
}
