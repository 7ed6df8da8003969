import { decideOnIntent, type LedgerDecision, type LedgerEntry } from '../domain/intent.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { REPLY_RESERVE_MS } from '../pipeline/in-time.ts';
import { answerTo, askConsent, findAsked } from './consent-task.ts';
import { start, wait, type Future, type Task } from './future.ts';
import { findEntries } from './find-entries.ts';
import { repeat, type ModelInvocation } from './model-invocation.ts';
import { LATE } from './virtual-process.ts';
import type { VirtualRunner } from './virtual-runner.ts';
import type { FoundEntry } from './virtual-tables.ts';
import type { IntentRow } from './rows.ts';

const LOOK_EVERY_MS = 40;
const TOLD_AHEAD_MS = 5;
const MAX_ROUNDS = 5;

/** `CommitIntent`: whatever changes the world is in the ledger before a byte is sent, once; if it cannot be, it is not sent. */
export function* commitIntent(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  if (!invocation.changesTheWorld) return undefined;
  if (!runner.holdsLease) return refused('rejected', 'overloaded', 'lost touch with the database');
  const { yes } = invocation;
  invocation.leaseTerm = runner.term;
  invocation.intent = { intentId: runner.world.newId('intent'), epoch: yes?.consent.epoch ?? 1, generation: 1 };
  try {
    const opened = yield* wait(runner.process.inTime(open(runner, invocation), invocation.leftMs(runner.now) - REPLY_RESERVE_MS));
    if (opened === LATE) return refused('rejected', 'budget_exhausted', 'not recorded in time');
    if (!opened) return yield* resolveConflict(runner, invocation);
    invocation.committed = true;
    runner.world.pass('committed', runner);
    return undefined;
  } catch {
    return refused('rejected', 'internal', 'not recorded');
  }
}

function open(runner: VirtualRunner, invocation: ModelInvocation): Future<boolean> {
  const row = invocation.intentRow(runner.runnerId);
  return commit(runner, invocation, row, (now) => runner.world.tables.open(row, now));
}

function retake(runner: VirtualRunner, invocation: ModelInvocation, entry: LedgerEntry): Future<boolean> {
  const row = invocation.intentRow(runner.runnerId);
  return commit(runner, invocation, row, (now) => runner.world.tables.retake(entry, row, now));
}

/** With a yes, its use and the intent are committed together. */
function commit(runner: VirtualRunner, { yes }: ModelInvocation, row: IntentRow, act: (now: number) => boolean): Future<boolean> {
  const { world, database, runnerId } = runner;
  const { tables } = world;
  const isAllowed = (begunAt: number) => tables.leases.mayCommit(runnerId, begunAt);
  if (!yes) return database.write({ isAllowed, apply: act, refused: false });
  const apply = (now: number) => tables.withYes(yes.consent, yes.answer, row, now, () => act(now));
  return start(database.transact({ isAllowed, apply, refused: false }, () => world.pass('committing', runner)));
}

function* resolveConflict(runner: VirtualRunner, invocation: ModelInvocation): Task<Verdict | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const entries = yield* wait(findEntries(runner, invocation));
    const ordered = yield* orderedEpoch(runner, invocation, entries);
    const end = yield* follow(runner, invocation, decideOnIntent(entries, invocation.asked(ordered)));
    if (end !== 'again') return end;
  }
  throw new Error('The ledger changed too often.');
}

function* follow(runner: VirtualRunner, invocation: ModelInvocation, decision: LedgerDecision): Task<Verdict | undefined | 'again'> {
  if (decision.kind === 'conflict') return refused('rejected', 'duplicate_conflict', 'other arguments');
  if (decision.kind === 'replay') return yield* replay(runner, invocation, decision.entry as FoundEntry);
  if (decision.kind === 'join') return yield* join(runner, invocation, decision.entry);
  if (decision.kind === 'retake') {
    const { intentId, epoch, generation, state } = decision.entry;
    invocation.intent = { intentId, epoch, generation: generation + 1 };
    invocation.mayHaveHappened = runner.world.safeguards.remembersAttempts && state === 'unknown';
    invocation.committed = yield* wait(retake(runner, invocation, decision.entry));
  } else {
    invocation.intent = { ...invocation.intent!, epoch: decision.epoch };
    invocation.committed = yield* wait(open(runner, invocation));
  }
  if (!invocation.committed) return 'again';
  runner.world.pass('committed', runner);
  return undefined;
}

function* orderedEpoch(runner: VirtualRunner, invocation: ModelInvocation, entries: FoundEntry[]): Task<number | null> {
  const { argumentsHash, idempotencyKey } = invocation.query();
  const newest = Math.max(0, ...entries.filter((entry) => entry.argumentsHash === argumentsHash).map(({ epoch }) => epoch));
  if (newest === 0 || idempotencyKey !== null) return null;
  const offered = yield* findAsked(runner, invocation);
  if (offered?.epoch !== newest + 1) return null;
  const answer = yield* answerTo(runner, invocation, offered, true);
  if (answer?.verdict !== 'affirm') return null;
  invocation.yes = { consent: offered, answer };
  return offered.epoch;
}

function* replay(runner: VirtualRunner, invocation: ModelInvocation, entry: FoundEntry): Task<Verdict> {
  const verdict = repeat(invocation, { ...entry.outcome!, replayed: true });
  if (entry.state !== 'succeeded' || invocation.input.idempotencyKey) return verdict;
  const offer =
    (yield* findAsked(runner, invocation)) ??
    (yield* askConsent(runner, invocation, entry.epoch + 1, 'this was done already do you want it a second time'));
  invocation.repeated = { ...invocation.repeated!, readBack: offer.readBack };
  return verdict;
}

function* join(runner: VirtualRunner, invocation: ModelInvocation, { invocationId }: LedgerEntry): Task<Verdict | 'again'> {
  if (yield* endedAfter(TOLD_AHEAD_MS, runner, invocation, invocationId)) return 'again';
  while (invocation.leftMs(runner.now) > REPLY_RESERVE_MS + LOOK_EVERY_MS) {
    const ended = yield* endedAfter(LOOK_EVERY_MS, runner, invocation, invocationId);
    if (ended) return repeat(invocation, { ...ended.outcome!, replayed: true });
  }
  return repeat(invocation, { invocationId, status: 'pending', replayed: true });
}

function* endedAfter(ms: number, runner: VirtualRunner, invocation: ModelInvocation, invocationId: string): Task<FoundEntry | undefined> {
  yield* wait(runner.sleep(ms));
  const entries = yield* wait(findEntries(runner, invocation));
  return entries.find((entry) => entry.invocationId === invocationId && entry.outcome);
}
