import type { CallerAnswer, Consent } from '../domain/caller-answer.ts';
import type { LedgerEntry } from '../domain/intent.ts';
import type { InvocationState, StateEvent, TerminalStatus } from '../domain/state.ts';
import { keyOf, type AttemptRow, type ConsentRow, type IntentRow, type InvocationRow, type StatusChange, type UsedYes } from './rows.ts';
import type { Safeguards } from './safeguards.ts';

export interface FoundEntry extends LedgerEntry {
  outcome: { invocationId: string; status: InvocationRow['status'] } | null;
}

/** The tables of the runner with their constraints. Each method is one statement, or one transaction, of its repositories; each happens in one moment. */
export class VirtualTables {
  readonly intents: IntentRow[] = [];
  readonly invocations = new Map<string, InvocationRow>();
  readonly attempts: AttemptRow[] = [];
  readonly consents: ConsentRow[] = [];
  readonly leases = new Map<string, number>();
  readonly changes: StatusChange[] = [];
  readonly usedYes: UsedYes[] = [];

  constructor(private readonly safeguards: Safeguards) {}

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
  store(row: InvocationRow, attempts: AttemptRow[], now: number): void {
    for (const attempt of attempts) this.#addAttempt(attempt);
    const known = this.invocations.get(row.invocationId);
    const event = { type: 'settle', status: row.status as TerminalStatus } as const;
    if (!known) this.#insert(row, event, now);
    else if (row.status === 'succeeded' || row.status === 'failed') this.learn(row.invocationId, row.status, now);
    else if (!this.safeguards.oneEnd && known.status !== row.status) this.#change(known, event.status, event, now);
  }

  learn(invocationId: string, status: 'succeeded' | 'failed', now: number): boolean {
    const known = this.invocations.get(invocationId);
    if (known?.status !== 'unknown') return false;
    known.verifyAt = null;
    this.#change(known, status, { type: 'learn', status }, now);
    return true;
  }

  addAttempt(invocationId: string, requestId: string): void {
    const numbers = this.attempts.filter((row) => row.invocationId === invocationId).map(({ attempt }) => attempt);
    this.attempts.push({ invocationId, requestId, attempt: Math.max(0, ...numbers) + 1 });
  }

  /** `on conflict do nothing`, unless the attempt is given the next number instead. */
  #addAttempt(row: AttemptRow): void {
    const known = this.attempts.find(({ invocationId, attempt }) => invocationId === row.invocationId && attempt === row.attempt);
    if (!known) this.attempts.push(row);
    else if (this.safeguards.numbersAttempts && known.requestId !== row.requestId) this.addAttempt(row.invocationId, row.requestId);
  }

  claimUnknown(limit: number, claimMs: number, now: number): InvocationRow[] {
    const due = [...this.invocations.values()].filter(({ status, verifyAt }) => status === 'unknown' && verifyAt !== null && verifyAt <= now);
    const claimed = due.slice(0, limit);
    for (const row of claimed) row.verifyAt = now + claimMs;
    return claimed.map((row) => ({ ...row }));
  }

  planLook(invocationId: string, looks: number, inMs: number | null, now: number): void {
    const row = this.invocations.get(invocationId);
    if (row?.status === 'unknown') Object.assign(row, { looks, verifyAt: inMs === null ? null : now + inMs });
  }

  deadRunners(now: number): string[] {
    return [...this.leases].filter(([, until]) => until < now).map(([runnerId]) => runnerId);
  }

  hasUnknownDue(now: number): boolean {
    for (const { status, verifyAt } of this.invocations.values()) if (status === 'unknown' && verifyAt !== null && verifyAt <= now) return true;
    return false;
  }

  hasOrphans(now: number): boolean {
    for (const until of this.leases.values()) if (until < now) return true;
    return this.intents.some(({ runnerId, invocationId }) => !this.leases.has(runnerId) && !this.invocations.has(invocationId));
  }

  /** One transaction: the rows of dead runners are locked, what they had is settled, and they are forgotten. */
  sweep(forgottenAfterMs: number, now: number): void {
    const dead = new Set(this.deadRunners(now));
    for (const row of this.intents) {
      const isForgotten = this.safeguards.sweepsForgotten && !this.leases.has(row.runnerId) && now - row.committedAt > forgottenAfterMs;
      if ((!dead.has(row.runnerId) && !isForgotten) || this.invocations.has(row.invocationId)) continue;
      const { invocationId, sessionId, function: name, intentId, receivedAt } = row;
      const durationMs = now - receivedAt;
      this.#insert(
        { invocationId, sessionId, function: name, intentId, status: 'unknown', isRepeat: false, receivedAt, durationMs, verifyAt: now, looks: 0 },
        { type: 'sweep' },
        now,
      );
    }
    for (const runnerId of dead) this.leases.delete(runnerId);
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
