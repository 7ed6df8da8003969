import { lastAnswer, positionOfReadBack, turnsThatAnswer, type CallerAnswer, type Consent } from '../domain/caller-answer.ts';
import { decideOnIntent } from '../domain/intent.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import type { RecordedTurn } from '@patchbay/contracts/calls';
import { wait, type Task } from './future.ts';
import { findEntries } from './find-entries.ts';
import type { ModelInvocation } from './model-invocation.ts';
import { judge } from './virtual-call.ts';
import type { VirtualRunner } from './virtual-runner.ts';

/** Short, so that schedules meet read-backs that are over. */
const EXPIRES_AFTER_MS = 12_000;
const ASK_CALLS_MS = { least: 0.5, most: 15 };

/** `AskConsent`: where a function needs the caller's yes, nothing goes on without one to these arguments, after they were read back. */
export function* requireConsent(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  if (!invocation.input.function.asksFirst || !runner.world.safeguards.consent) return undefined;
  try {
    return yield* decide(runner, invocation);
  } catch {
    return refused('rejected', 'internal', 'consent not checked');
  }
}

function* decide(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  const decision = decideOnIntent(yield* wait(findEntries(runner, invocation)), invocation.asked(null));
  if (decision.kind !== 'open' && decision.kind !== 'retake') return undefined;
  const { consents } = runner.world;
  const { sessionId } = invocation.input;
  if (decision.kind === 'retake') {
    const { intentId } = decision.entry;
    if (yield* wait(runner.database.query((now) => consents.hasUsed(sessionId, intentId, now)))) return undefined;
  }
  const epoch = decision.kind === 'retake' ? decision.entry.epoch : decision.epoch;
  const asked = yield* findAsked(runner, invocation);
  if (!asked) return needsConfirmation(yield* askConsent(runner, invocation, epoch, `shall i go ahead with ${invocation.input.function.name}`));
  return yield* onAnswer(runner, invocation, asked, yield* answerTo(runner, invocation, asked, false));
}

function* onAnswer(
  runner: VirtualRunner,
  invocation: ModelInvocation,
  consent: Consent,
  answer: CallerAnswer | undefined,
): Task<Verdict | undefined> {
  if (answer?.verdict === 'affirm') {
    const { consents, safeguards } = runner.world;
    const isUsed = yield* wait(runner.database.query(() => consents.isTurnUsed(invocation.input.sessionId, answer.turnId)));
    if (isUsed && safeguards.oneYesOneIntent) return needsConfirmation(consent);
    invocation.yes = { consent, answer };
    return undefined;
  }
  if (answer?.verdict !== 'negate' && answer?.verdict !== 'changed') return needsConfirmation(consent);
  const state = answer.verdict === 'negate' ? 'refused' : 'changed';
  yield* wait(runner.database.query(() => runner.world.consents.close(consent.consentId, state, answer.turnId)));
  return refused('rejected', 'consent_refused', 'the caller said no');
}

/** `CallerConsent.ask` */
export function* askConsent(runner: VirtualRunner, invocation: ModelInvocation, epoch: number, readBack: string): Task<Consent> {
  const { sessionId, function: called, argumentsHash, turnId } = invocation.input;
  const turns = yield* turnsAfter(runner, invocation, 0);
  const consent = {
    consentId: runner.world.newId('consent'),
    function: called.name,
    argumentsHash,
    epoch,
    readBack,
    afterPosition: Math.max(0, ...turns.map(({ position }) => position)),
    afterIndex: Math.max(-1, ...turns.map(({ index }) => index)),
    askedTurnId: turnId,
  };
  const { consents } = runner.world;
  yield* wait(runner.database.query((now) => consents.void(invocation.query(), now)));
  yield* wait(runner.database.query((now) => consents.ask(sessionId, consent, EXPIRES_AFTER_MS, invocation.input.calledAt, now)));
  const asked = yield* findAsked(runner, invocation);
  if (!asked) throw new Error('The consent was answered while it was being asked for.');
  return asked;
}

export function* findAsked(runner: VirtualRunner, invocation: ModelInvocation): Task<Consent | null> {
  return yield* wait(runner.database.query((now) => runner.world.consents.findAsked(invocation.query(), now)));
}

export function* answerTo(
  runner: VirtualRunner,
  invocation: ModelInvocation,
  consent: Consent,
  afterReadBack: boolean,
): Task<CallerAnswer | undefined> {
  const turns = yield* turnsAfter(runner, invocation, consent.afterPosition);
  const from = afterReadBack ? positionOfReadBack(consent, turns) : consent.afterPosition;
  if (from === null) return undefined;
  const { yesAfterReadBack } = runner.world.safeguards;
  return lastAnswer(
    turnsThatAnswer(consent, yesAfterReadBack ? turns : turns.filter(({ role }) => role === 'caller'))
      .filter(({ position }) => position > from)
      .map(judge),
  );
}

/** The question to calls has what is left for the reply, and fails then. */
function* turnsAfter(runner: VirtualRunner, invocation: ModelInvocation, position: number): Task<RecordedTurn[]> {
  const { noise, call } = runner.world;
  const { least, most } = ASK_CALLS_MS;
  const endsAt = runner.now + Math.max(1, invocation.leftMs(runner.now));
  yield* wait(runner.sleep(noise.between(least, most)));
  const turns = call.after(position);
  yield* wait(runner.sleep(noise.between(least, most)));
  if (runner.now > endsAt) throw new Error('calls did not answer in time');
  return turns;
}

function needsConfirmation({ readBack, expiresAt }: Consent): Verdict {
  return { status: 'needs_confirmation', confirmation: { readBack, expiresAt: expiresAt.toISOString() } };
}
