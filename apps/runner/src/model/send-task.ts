import type { SendResult } from '@patchbay/egress/send-result';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { decideOnRetry } from '../domain/retry.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { attemptEnd } from '../pipeline/attempt-end.ts';
import { verdictOn } from '../pipeline/read-answer.ts';
import { REPLY_RESERVE_MS } from '../pipeline/in-time.ts';
import { readFailure } from '../pipeline/read-failure.ts';
import { start, wait, type Task } from './future.ts';
import { learn } from './learn.ts';
import type { ModelInvocation } from './model-invocation.ts';
import type { Safeguards } from './safeguards.ts';
import type { ProviderRequest } from './virtual-provider.ts';
import type { VirtualRunner } from './virtual-runner.ts';

const SLOW_GATE_CHANCE = 0.05;
const SHUT_GATE_CHANCE = 0.02;
const RETRY_BUDGET_CHANCE = 0.8;

/** `SendAttempt`: sends inside what is left of the turn's budget, and again where that is safe and still fits. */
export function* sendAttempts(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  for (;;) {
    const refusal = yield* attempt(runner, invocation);
    if (refusal) return invocation.sent ? undefined : refusal;
    const delayMs = retryDelay(runner, invocation);
    if (delayMs === null) return undefined;
    rememberEarlier(invocation, runner.world.safeguards);
    yield* wait(runner.sleep(delayMs));
  }
}

function* attempt(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  const { noise } = runner.world;
  if (allowedMs(runner, invocation) <= 0) return refused('rejected', 'budget_exhausted', 'no time left');
  const { changesTheWorld, leaseTerm } = invocation;
  const looksEarly = changesTheWorld && !runner.world.safeguards.leaseAtFirstByte;
  if (looksEarly && !runner.holdsSince(leaseTerm)) return refused('rejected', 'overloaded', 'lost touch with the database');
  if (noise.isLikely(SHUT_GATE_CHANCE)) return refused('rejected', 'breaker_open', 'nothing was sent');
  runner.world.pass('connecting', runner);
  // A place in the bulkhead, or a connection of the agent, may have to be waited for.
  if (noise.isLikely(SLOW_GATE_CHANCE)) yield* wait(runner.sleep(noise.between(0, Math.min(4_000, allowedMs(runner, invocation)))));
  yield* send(runner, invocation, allowedMs(runner, invocation));
  return undefined;
}

function* send(runner: VirtualRunner, invocation: ModelInvocation, deadlineMs: number): Task<void> {
  const { world } = runner;
  const { changesTheWorld } = invocation;
  const request = requestOf(runner, invocation, 'request');
  const maySend = () => !changesTheWorld || !world.safeguards.leaseAtFirstByte || runner.holdsSince(invocation.leaseTerm);
  const onLate = changesTheWorld ? (late: SendResult) => void start(adopt(runner, invocation, request.requestId, late)) : undefined;
  const onSent = () => world.sent(request, runner);
  invocation.sent = yield* wait(runner.provider.send({ request, deadlineMs, maySend, onSent, ...(onLate ? { onLate } : {}) }));
  const { invocationId, attempts } = invocation;
  attempts.push({ invocationId, attempt: attempts.length + 1, requestId: request.requestId });
  world.pass('answered', runner);
}

function rememberEarlier(invocation: ModelInvocation, { remembersAttempts }: Safeguards): void {
  const { sent, changesTheWorld } = invocation;
  invocation.mayHaveHappened ||= remembersAttempts && changesTheWorld && attemptEnd(sent!).sent;
}

export function requestOf(runner: VirtualRunner, { input, intent, invocationId }: ModelInvocation, kind: ProviderRequest['kind']): ProviderRequest {
  const { function: called, sessionId, argumentsHash } = input;
  return {
    requestId: runner.world.newId('req'),
    kind,
    runnerId: runner.runnerId,
    invocationId,
    intent: intent ? { sessionId, function: called.name, argumentsHash, epoch: intent.epoch, intentId: intent.intentId } : null,
    idempotency: called.idempotency,
    isRepeatable: EFFECT_RULES[called.effect].repeatable,
    asksFirst: called.asksFirst,
  };
}

function retryDelay(runner: VirtualRunner, invocation: ModelInvocation): number | null {
  const { noise, safeguards } = runner.world;
  const end = attemptEnd(invocation.sent!);
  const decision = decideOnRetry({
    effect: invocation.input.function.effect,
    repeatIsSafe: invocation.repeatIsSafe || !safeguards.noRetryOnTimeout,
    end: safeguards.noRetryOnTimeout ? end : { ...end, timedOut: false },
    attempts: invocation.attempts.length,
    leftMs: invocation.leftMs(runner.now) - REPLY_RESERVE_MS,
    usualMs: null,
    hasRetryBudget: noise.isLikely(RETRY_BUDGET_CHANCE),
    random: noise.next(),
  });
  return decision.retry ? decision.delayMs : null;
}

function allowedMs(runner: VirtualRunner, invocation: ModelInvocation): number {
  const { timeoutMs } = invocation.input.function;
  return invocation.goesOn ? timeoutMs : Math.min(invocation.leftMs(runner.now) - REPLY_RESERVE_MS, timeoutMs);
}

/** `ReadResult`: what the answer, or its absence, means. */
export function readResult(invocation: ModelInvocation): Verdict {
  return verdictOf(invocation.sent!, invocation.changesTheWorld);
}

/** `honest` of the pipeline: "nothing was sent" is true of the last try only, where an earlier one may have had its effect. */
export function honest({ mayHaveHappened }: ModelInvocation, verdict: Verdict): Verdict {
  const { status } = verdict;
  if (!mayHaveHappened || (status !== 'failed' && status !== 'rejected' && status !== 'cancelled')) return verdict;
  return refused('unknown', 'unknown_outcome', 'an earlier request may have happened');
}

export function verdictOf(sent: SendResult, changesTheWorld: boolean): Verdict {
  if (sent.kind === 'failed') return readFailure(sent, changesTheWorld);
  return verdictOn(sent, { kind: sent.status < 400 ? 'success' : 'failure', result: null, body: null, missing: [] }, changesTheWorld);
}

/** `LaterOutcomes.adopt`: a late answer is the truth, whatever was told meanwhile; a refusal is only about its own request. */
function* adopt(runner: VirtualRunner, invocation: ModelInvocation, requestId: string, late: SendResult): Task<void> {
  if (late.kind !== 'answered') return;
  const { status } = verdictOf(late, true);
  if (status !== 'succeeded' && status !== 'failed') return;
  if (status === 'failed' && invocation.mayHaveHappened && runner.world.safeguards.doubtsLateRefusals) return;
  if (invocation.stored) yield* wait(invocation.stored);
  yield* learn(runner, invocation.invocationId, status, requestId);
}
