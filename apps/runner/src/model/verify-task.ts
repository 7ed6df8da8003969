import type { Verdict } from '../domain/verdict.ts';
import { conclude, nextLookMs, type Finding } from '../domain/verification.ts';
import { REPLY_RESERVE_MS } from '../pipeline/in-time.ts';
import { FUNCTIONS } from './functions.ts';
import { start, wait, type Task } from './future.ts';
import { keepAttempt, learn } from './learn.ts';
import type { ModelInvocation } from './model-invocation.ts';
import type { UnknownWrite } from './rows.ts';
import { requestOf } from './send-task.ts';
import type { ProviderRequest } from './virtual-provider.ts';
import type { VirtualRunner } from './virtual-runner.ts';

const LEAST_LOOK_MS = 100;
const AT_ONCE = 20;
const LOOK_MS = 5_000;
const CLAIM_MS = 15_000;
/** Longer than any schedule: taken for the age of a write that "not there" is believed of at once. */
const LONG_AGO_MS = 3_600_000;

/** `VerifyWrite`: a write of which nothing is known is looked at while the turn lasts, and later by the loop. */
export function* verifyInTurn(runner: VirtualRunner, invocation: ModelInvocation, verdict: Verdict): Task<Verdict> {
  if (verdict.status !== 'unknown' || !invocation.input.function.canVerify) return verdict;
  if (invocation.repeated && runner.world.safeguards.looksAtOwn) return verdict;
  const leftMs = invocation.leftMs(runner.now) - REPLY_RESERVE_MS;
  if (leftMs >= LEAST_LOOK_MS && invocation.intent) {
    const { invocationId, attempts } = invocation;
    const request = requestOf(runner, invocation, 'verify');
    const finding = yield* look(runner, request, leftMs);
    attempts.push({ invocationId, attempt: attempts.length + 1, requestId: request.requestId });
    const found = conclude(finding, runner.world.safeguards.settlesFirst ? 0 : LONG_AGO_MS);
    if (found) return { status: found };
  }
  invocation.verifyInMs = nextLookMs(0);
  return verdict;
}

function* look(runner: VirtualRunner, request: ProviderRequest, deadlineMs: number): Task<Finding> {
  const onSent = () => runner.world.sent(request, runner);
  const sent = yield* wait(runner.provider.send({ request, deadlineMs, maySend: () => true, onSent }));
  if (sent.kind === 'failed') return 'not_known';
  if (sent.status === 200) return 'done';
  return sent.status === 404 ? 'not_done' : 'not_known';
}

/** `VerifyUnknowns` */
export function* lookAtUnknowns(runner: VirtualRunner): Task<void> {
  const { tables } = runner.world;
  // A question that finds nothing is not asked: it would change nothing, and there are a great many.
  if (!tables.hasUnknownDue(runner.now)) return;
  const due = yield* wait(runner.database.query((now) => tables.claimUnknown(AT_ONCE, CLAIM_MS, now)));
  for (const looking of due.map((row) => start(lookAt(runner, row)))) {
    try {
      yield* wait(looking);
    } catch {
      // The runner logs it; the claim runs out, and it is looked at again.
    }
  }
}

function* lookAt(runner: VirtualRunner, row: UnknownWrite): Task<void> {
  const { tables, safeguards } = runner.world;
  const called = FUNCTIONS.find(({ name }) => name === row.function)!;
  const plan = (looks: number, inMs: number | null) => runner.database.query((now) => tables.planLook(row.invocationId, looks, inMs, now));
  if (!called.canVerify) {
    yield* wait(plan(0, null));
    return;
  }
  const { intentId, invocationId, sessionId } = row;
  if (intentId === null) {
    yield* wait(plan(row.looks + 1, nextLookMs(row.looks + 1)));
    return;
  }
  const request: ProviderRequest = {
    requestId: runner.world.newId('req'),
    kind: 'verify',
    runnerId: runner.runnerId,
    invocationId,
    intent: { sessionId, function: called.name, argumentsHash: '', epoch: 0, intentId },
    idempotency: called.idempotency,
    isRepeatable: false,
    asksFirst: false,
  };
  const askedAt = runner.now;
  const finding = yield* look(runner, request, LOOK_MS);
  const sinceStoredMs = row.storedMsAgo + (safeguards.measuresBeforeLook ? 0 : runner.now - askedAt);
  const found = conclude(finding, safeguards.settlesFirst ? sinceStoredMs : LONG_AGO_MS);
  if (found) return yield* learn(runner, invocationId, found, request.requestId);
  if (safeguards.recordsLooks) yield* keepAttempt(runner, invocationId, request.requestId);
  yield* wait(plan(row.looks + 1, nextLookMs(row.looks + 1)));
}
