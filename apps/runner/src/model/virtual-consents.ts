import type { Consent } from '../domain/caller-answer.ts';
import type { ConsentRow } from './rows.ts';

type Scope = Pick<ConsentRow, 'sessionId' | 'function' | 'argumentsHash'>;

/** The statements of the consent repository. */
export class VirtualConsents {
  constructor(private readonly rows: ConsentRow[]) {}

  /** The first statement of `ask`; the second sees what it has ended. */
  void({ sessionId, function: name, argumentsHash }: Scope, now: number): void {
    for (const row of this.rows) {
      if (row.sessionId !== sessionId || row.function !== name || row.state !== 'asked') continue;
      if (row.argumentsHash !== argumentsHash || row.expiresAt.getTime() <= now) row.state = 'voided';
    }
  }

  ask(sessionId: string, consent: Omit<Consent, 'expiresAt'>, expiresAfterMs: number, askedSince: number, now: number): void {
    const isTaken = this.rows.some(
      (row) =>
        row.sessionId === sessionId &&
        row.function === consent.function &&
        row.argumentsHash === consent.argumentsHash &&
        row.epoch === consent.epoch &&
        row.state === 'asked',
    );
    if (isTaken) return;
    const expiresAt = new Date(now + expiresAfterMs);
    this.rows.push({ ...consent, expiresAt, sessionId, state: 'asked', askedSince, turnId: null, intentId: null });
  }

  findAsked({ sessionId, function: name, argumentsHash }: Scope, now: number): ConsentRow | null {
    const asked = this.rows.filter(
      (row) =>
        row.sessionId === sessionId &&
        row.function === name &&
        row.argumentsHash === argumentsHash &&
        row.state === 'asked' &&
        row.expiresAt.getTime() > now,
    );
    const newest = asked.toSorted((one, other) => other.epoch - one.epoch)[0];
    return newest ? { ...newest } : null;
  }

  hasUsed(sessionId: string, intentId: string, now: number): boolean {
    return this.rows.some((row) => row.sessionId === sessionId && row.intentId === intentId && row.state === 'used' && row.expiresAt.getTime() > now);
  }

  isTurnUsed(sessionId: string, turnId: string): boolean {
    return this.rows.some((row) => row.sessionId === sessionId && row.turnId === turnId && row.state === 'used');
  }

  close(consentId: string, state: 'refused' | 'changed', turnId: string): void {
    const row = this.rows.find((known) => known.consentId === consentId && known.state === 'asked');
    if (row) Object.assign(row, { state, turnId });
  }
}
