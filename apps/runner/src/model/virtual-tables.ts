import type { CallerAnswer, Consent } from '../domain/caller-answer.ts';
import type { LedgerEntry } from '../domain/intent.ts';
import type { InvocationState, StateEvent, TerminalStatus } from '../domain/state.ts';
import { FIRST_LATER_ATTEMPT } from '../outside/seal-chain.ts';
import { keyOf } from './rows.ts';
import type { AttemptRow, ConsentRow, FinishedRow, IntentRow, InvocationRow, StatusChange, UnknownWrite, UsedYes } from './rows.ts';
import type { Safeguards } from './safeguards.ts';
import { VirtualLeases } from './virtual-leases.ts';

export interface FoundEntry extends LedgerEntry {
  outcome: { invocationId: string; status: InvocationRow['status'] } | null;
}

/** The tables of the runner with their constraints. Each method is a statement, or a transaction, of its repositories, in one moment. */
export class VirtualTables {
  readonly intents: IntentRow[] = [];
  readonly invocations = new Map<string, InvocationRow>();
  readonly attempts: AttemptRow[] = [];
  readonly consents: ConsentRow[] = [];
  readonly leases: VirtualLeases;
  readonly changes: StatusChange[] = [];
  readonly usedYes: UsedYes[] = [];

  constructor(private readonly safeguards: Safeguards) {
    this.leases = new VirtualLeases(safeguards);
  }

  /** `insert into intents … on conflict do nothing`: the primary key, and the unique idempotency key of a session. */
  open(row: IntentRow, now: number): boolean {
    const isTaken = this.intents.some(
      (known) =>
        keyOf(known) === keyOf(row) ||
        (row.idempotencyKey !== null && known.sessionId === row.sessionId && known.idempotencyKey === row.idempotencyKey),
    );
    if (isTaken && this.safeguards.ledger) return false;
    this.intents.push({ ...row, committedAt: now });
    return true;
  }

  retake(entry: LedgerEntry, row: IntentRow, now: number): boolean {
    const taken = this.intents.find((known) => keyOf(known) === keyOf({ ...row, epoch: entry.epoch }) && known.generation === entry.generation);
    if (!taken) return false;
    const { invocationId, runnerId, receivedAt } = row;
    Object.assign(taken, { invocationId, runnerId, receivedAt, generation: taken.generation + 1, committedAt: now });
    return true;
  }

  find(query: Pick<IntentRow, 'sessionId' | 'function' | 'argumentsHash' | 'idempotencyKey'>, now: number): FoundEntry[] {
    return this.intents
      .filter(
        (row) =>
          row.sessionId === query.sessionId &&
          ((row.function === query.function && row.argumentsHash === query.argumentsHash) ||
            (query.idempotencyKey !== null && row.idempotencyKey === query.idempotencyKey)),
      )
      .map((row) => this.#toEntry(row, now));
  }

  #toEntry(row: IntentRow, now: number): FoundEntry {
    const ended = this.invocations.get(row.invocationId);
    const state = ended === undefined || ended.status === 'pending' || ended.status === 'needs_confirmation' ? 'dispatched' : ended.status;
    const outcome = ended ? { invocationId: ended.invocationId, status: ended.status } : null;
    return { ...row, state, ageMs: now - row.committedAt, outcome };
  }

  /** One transaction: a yes that is still waiting is used, and the intent committed with it, or neither. */
  withYes({ consentId }: Consent, { turnId }: CallerAnswer, row: IntentRow, now: number, commit: () => boolean): boolean {
    const consent = this.consents.find((known) => known.consentId === consentId && (known.state === 'asked' || !this.safeguards.oneYesOneIntent));
    if (!consent) return false;
    const isSpent = this.consents.some(
      (known) => known !== consent && known.sessionId === consent.sessionId && known.state === 'used' && known.turnId === turnId,
    );
    if (isSpent && this.safeguards.oneYesOneIntent) throw new Error('consents_turn: this turn was used already');
    if (!commit() && this.safeguards.yesWithIntent) return false;
    Object.assign(consent, { state: 'used', turnId, intentId: row.intentId });
    this.usedYes.push({ at: now, consentId, turnId, intentId: row.intentId, acceptedAt: row.receivedAt });
    return true;
  }

  /** `insertFinished`: the primary key, and an `unknown` that may be learnt about. */
  store({ verifyInMs, ...row }: FinishedRow, attempts: AttemptRow[], now: number): void {
    for (const attempt of attempts) this.#insertAttempt(attempt);
    const known = this.invocations.get(row.invocationId);
    const status = row.status as TerminalStatus;
    const verifyAt = verifyInMs === null ? null : now + verifyInMs;
    if (!known) this.#insert({ ...row, verifyAt, looks: 0, storedAt: now }, { type: 'settle', status }, now);
    else if (known.status === 'unknown' && status !== 'unknown') this.#learn(known, status, now);
    else if (!this.safeguards.oneEnd && known.status !== status) this.#change(known, status, { type: 'settle', status }, now);
  }

  learn(invocationId: string, status: 'succeeded' | 'failed', now: number): boolean {
    const known = this.invocations.get(invocationId);
    if (known?.status !== 'unknown') return false;
    this.#learn(known, status, now);
    return true;
  }

  #learn(known: InvocationRow, status: Exclude<TerminalStatus, 'unknown'>, now: number): void {
    known.verifyAt = null;
    this.#change(known, status, { type: 'learn', status }, now);
  }

  isUnknown(invocationId: string): boolean {
    return this.invocations.get(invocationId)?.status === 'unknown';
  }

  /** What came after the end is numbered behind all that its runner may still store. */
  addAttempt(invocationId: string, requestId: string): void {
    const numbers = this.attempts.filter((row) => row.invocationId === invocationId).map(({ attempt }) => attempt);
    const attempt = Math.max(Math.max(0, ...numbers) + 1, this.safeguards.numbersAttempts ? FIRST_LATER_ATTEMPT : 1);
    this.attempts.push({ invocationId, requestId, attempt });
  }

  /** `on conflict do nothing` */
  #insertAttempt(row: AttemptRow): void {
    const isTaken = this.attempts.some(({ invocationId, attempt }) => invocationId === row.invocationId && attempt === row.attempt);
    if (!isTaken) this.attempts.push(row);
  }

  claimUnknown(limit: number, claimMs: number, now: number): UnknownWrite[] {
    const due = [...this.invocations.values()].filter(({ status, verifyAt }) => status === 'unknown' && verifyAt !== null && verifyAt <= now);
    const claimed = due.slice(0, limit);
    for (const row of claimed) row.verifyAt = now + claimMs;
    return claimed.map((row) => ({ ...row, storedMsAgo: now - row.storedAt }));
  }

  planLook(invocationId: string, looks: number, inMs: number | null, now: number): void {
    const row = this.invocations.get(invocationId);
    if (row?.status === 'unknown') Object.assign(row, { looks, verifyAt: inMs === null ? null : now + inMs });
  }

  hasUnknownDue(now: number): boolean {
    for (const { status, verifyAt } of this.invocations.values()) if (status === 'unknown' && verifyAt !== null && verifyAt <= now) return true;
    return false;
  }

  /** One transaction: the rows of dead runners are locked, what they had is settled, and after the last sweep they are forgotten. */
  sweep(now: number): void {
    const dead = new Set(this.leases.listDead(now));
    for (const row of this.intents) {
      if (!dead.has(row.runnerId) || this.invocations.has(row.invocationId)) continue;
      const { invocationId, sessionId, function: name, intentId, receivedAt } = row;
      const durationMs = now - receivedAt;
      this.#insert(
        {
          invocationId,
          sessionId,
          function: name,
          intentId,
          status: 'unknown',
          isRepeat: false,
          receivedAt,
          durationMs,
          verifyAt: now,
          looks: 0,
          storedAt: now,
        },
        { type: 'sweep' },
        now,
      );
    }
    this.leases.noteSwept(dead);
  }

  unsettled(): IntentRow[] {
    return this.intents.filter(({ invocationId }) => !this.invocations.has(invocationId));
  }

  #insert(row: InvocationRow, event: StateEvent, now: number): void {
    this.invocations.set(row.invocationId, { ...row });
    if (row.status !== 'needs_confirmation' && row.status !== 'pending') {
      this.changes.push({ at: now, invocationId: row.invocationId, from: 'dispatched', to: row.status, event });
    }
  }

  #change(row: InvocationRow, to: TerminalStatus, event: StateEvent, now: number): void {
    this.changes.push({ at: now, invocationId: row.invocationId, from: row.status as InvocationState, to, event });
    row.status = to;
  }
}
