import type { Consent } from '../domain/caller-answer.ts';
import type { ConsentRow } from './rows.ts';

type Scope = Pick<ConsentRow, 'sessionId' | 'function' | 'argumentsHash'>;

/** The statements of the consent repository. */
export class VirtualConsents {
  constructor(private readonly rows: ConsentRow[]) {}

  ask(sessionId: string, consent: Consent, askedSince: number, now: number): void {
    const ofFunction = this.rows.filter((row) => row.sessionId === sessionId && row.function === consent.function && row.state === 'asked');
    // The statement sees the table as it was: what it voids still holds the place of an equal one.
    const isTaken = ofFunction.some((row) => row.argumentsHash === consent.argumentsHash && row.epoch === consent.epoch);
    for (const row of ofFunction) {
      if (row.argumentsHash !== consent.argumentsHash || row.expiresAt.getTime() <= now) row.state = 'voided';
    }
    if (!isTaken) this.rows.push({ ...consent, sessionId, state: 'asked', askedSince, turnId: null, intentId: null });
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

  close(consentId: string, state: 'refused' | 'changed', turnId: string): void {
    const row = this.rows.find((known) => known.consentId === consentId && known.state === 'asked');
    if (row) Object.assign(row, { state, turnId });
  }
}
