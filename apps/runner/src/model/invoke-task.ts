import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { refused, type Verdict } from '../domain/verdict.ts';
import { REPLY_RESERVE_MS } from '../pipeline/in-time.ts';
import { requireConsent } from './consent-task.ts';
import { Future, start, wait, type Awaitable, type Task } from './future.ts';
import { commitIntent } from './ledger-task.ts';
import { ModelInvocation, repeat, type InvokeInput, type ModelOutcome } from './model-invocation.ts';
import { persist } from './persist.ts';
import { honest, readResult, sendAttempts } from './send-task.ts';
import { verifyInTurn } from './verify-task.ts';
import { LATE } from './virtual-process.ts';
import type { VirtualRunner } from './virtual-runner.ts';

const WRITE_BEHIND_MS = 50;
const EXPECTED_MS = 8_000;
const LOOP_BROKEN_CHANCE = 0.01;
const NO_CREDENTIAL_CHANCE = 0.01;
const SLOW_CREDENTIAL_CHANCE = 0.05;

/** `RunInvocation`: runs the pipeline and answers in time, whatever becomes of it. */
export function* invoke(runner: VirtualRunner, input: InvokeInput, reply: (outcome: ModelOutcome) => void): Task<void> {
  const { world } = runner;
  const invocation = new ModelInvocation(world.newId('inv'), input, runner.wallNow, runner.now);
  world.accepted.push({ invocation, at: runner.now, process: runner.process });
  world.pass('accepted', runner);
  const tell = (outcome: ModelOutcome) => world.told.push({ at: runner.now, to: invocation, ...outcome });
  const finished = start(execute(runner, invocation));
  const first: Awaitable<ModelOutcome | undefined> = outlivesTurn(invocation, runner)
    ? firstOf<ModelOutcome | undefined>(finished, invocation.goingOn)
    : finished;
  const answer: Awaitable<ModelOutcome | undefined | typeof LATE> = world.safeguards.answersInTime
    ? runner.process.inTime(first, invocation.leftMs(runner.now))
    : first;
  const outcome = yield* wait(answer);
  const now = outcome === LATE || outcome === undefined ? invocation.outcome() : outcome;
  tell(now);
  reply(now);
  if (now !== outcome) tell(yield* wait(finished));
}

function* execute(runner: VirtualRunner, invocation: ModelInvocation): Task<ModelOutcome> {
  let verdict: Verdict;
  try {
    verdict = yield* runPipeline(runner, invocation);
  } catch {
    verdict = invocation.committed ? refused('unknown', 'internal', '') : refused('failed', 'internal', '');
  }
  invocation.verdict = verdict;
  yield* record(runner, invocation, verdict);
  const outcome = invocation.outcome();
  const leave = () => leaveRequest(runner, invocation, outcome);
  if (invocation.committed) invocation.stored!.on(leave, leave);
  else leave();
  invocation.told = outcome;
  invocation.answered.resolve(outcome);
  return outcome;
}

function* runPipeline(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict> {
  const verdict = (yield* joinRepeat(runner, invocation)) ?? (yield* prepare(runner, invocation)) ?? (yield* sendAttempts(runner, invocation));
  return yield* verifyInTurn(runner, invocation, honest(invocation, verdict ?? readResult(invocation)));
}

function* prepare(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  const refusal = (yield* requireConsent(runner, invocation)) ?? (yield* commitIntent(runner, invocation));
  if (refusal) return refusal;
  const { noise } = runner.world;
  if (noise.isLikely(LOOP_BROKEN_CHANCE)) return refused('rejected', 'rate_limited', 'nothing was sent');
  if (outlivesTurn(invocation, runner)) {
    invocation.goesOn = true;
    invocation.goingOn.resolve(undefined);
  }
  if (noise.isLikely(NO_CREDENTIAL_CHANCE)) return refused('rejected', 'connection_missing', 'nothing was sent');
  if (noise.isLikely(SLOW_CREDENTIAL_CHANCE)) yield* wait(runner.sleep(noise.between(1, 500)));
  return undefined;
}

function outlivesTurn({ input, deadlineAt }: ModelInvocation, { now }: VirtualRunner): boolean {
  return (input.function.outlivesTurn ? EXPECTED_MS : 0) > deadlineAt - now;
}

function* joinRepeat(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  const { function: called, argumentsHash, sessionId, idempotencyKey } = invocation.input;
  const key = `${sessionId} ${called.name} ${idempotencyKey ?? ''} ${argumentsHash}`;
  const answered = invocation.changesTheWorld ? undefined : runner.justAnswered.get(key);
  if (answered && answered.until > runner.now) return repeat(invocation, answered.outcome);
  const leader = runner.byRequest.get(key);
  if (leader?.told) {
    const stored = yield* wait(runner.process.inTime(leader.stored!, invocation.leftMs(runner.now) - REPLY_RESERVE_MS));
    return stored === LATE ? repeat(invocation, leader.told) : yield* joinRepeat(runner, invocation);
  }
  if (leader) {
    const outcome = yield* wait(runner.process.inTime(leader.answered, invocation.leftMs(runner.now) - REPLY_RESERVE_MS));
    return repeat(invocation, outcome === LATE ? leader.outcome() : outcome);
  }
  runner.byRequest.set(key, invocation);
  invocation.requestKey = key;
  return undefined;
}

function leaveRequest(runner: VirtualRunner, invocation: ModelInvocation, outcome: ModelOutcome): void {
  const { requestKey } = invocation;
  if (!requestKey || runner.byRequest.get(requestKey) !== invocation) return;
  runner.byRequest.delete(requestKey);
  if (invocation.changesTheWorld || outcome.status !== 'succeeded') return;
  runner.justAnswered.set(requestKey, { outcome, until: runner.now + (EFFECT_RULES.read.duplicateWindowMs ?? 0) });
}

/** `RecordEvidence`: how a write ended is on its way to the database before it is told, wherever that may be lost; a read is written behind. */
function* record(runner: VirtualRunner, invocation: ModelInvocation, verdict: Verdict): Task<void> {
  invocation.durationMs = runner.wallNow - invocation.receivedAt;
  const handedOver = new Future<void>();
  invocation.stored = start(store(runner, invocation, verdict, handedOver));
  if (invocation.committed) yield* wait(runner.process.inTime(handedOver, invocation.leftMs(runner.now)));
}

function* store(runner: VirtualRunner, invocation: ModelInvocation, { status }: Verdict, handedOver: Future<void>): Task<void> {
  const { tables } = runner.world;
  const { invocationId, input, intent, receivedAt, durationMs, verifyInMs, attempts } = invocation;
  const { sessionId, function: called } = input;
  const isRepeat = invocation.repeated !== undefined;
  const row = {
    invocationId,
    sessionId,
    function: called.name,
    intentId: intent?.intentId ?? null,
    status,
    isRepeat,
    receivedAt,
    durationMs,
    verifyInMs,
  };
  if (!invocation.committed) yield* wait(runner.sleep(WRITE_BEHIND_MS));
  yield* persist(runner.process, () => {
    const stored = runner.database.query((now) => tables.store(row, attempts, now));
    handedOver.resolve();
    return stored;
  });
  invocation.isStored = true;
  runner.world.pass('stored', runner);
}

function firstOf<T>(...futures: Awaitable<T>[]): Future<T> {
  const first = new Future<T>();
  for (const future of futures) {
    future.on(
      (value) => first.resolve(value),
      (error) => first.reject(error),
    );
  }
  return first;
}
