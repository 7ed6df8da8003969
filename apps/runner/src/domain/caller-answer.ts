import type { RecordedTurn } from '@patchbay/contracts/calls';

/** A read-back that waits for the caller, or was answered. */
export interface Consent {
  consentId: string;
  function: string;
  argumentsHash: string;
  epoch: number;
  readBack: string;
  /** Position of the newest turn when it was asked for. */
  afterPosition: number;
  /** Index of the newest turn then; a turn reported late does not count. */
  afterIndex: number;
  /** The turn whose call asked for it. */
  askedTurnId: string;
  expiresAt: Date;
}

export interface Judged {
  verdict: 'affirm' | 'negate' | 'changed' | 'unclear';
  seen: string[];
  reason: string;
  /** The caller asked for time, doubted or did not follow: an earlier yes no longer holds. */
  wavers: boolean;
}

export interface CallerAnswer extends Judged {
  turnId: string;
  words: string;
  at: string;
}

/**
 * The caller's turns that can answer a read-back: recorded after it was asked for, and spoken after it. Where the agent's own turn is on
 * record, only what the caller said after that.
 */
export function turnsThatAnswer(consent: Consent, turns: readonly RecordedTurn[]): RecordedTurn[] {
  const spoken = turns.filter(({ position, index }) => position > consent.afterPosition && index > consent.afterIndex);
  const readAt = spoken.filter(({ role }) => role === 'agent').reduce((first, { index }) => Math.min(first, index), Infinity);
  const from = readAt === Infinity ? consent.afterIndex : readAt;
  return spoken.filter(({ role, index, turnId }) => role === 'caller' && index > from && turnId !== consent.askedTurnId);
}

/** The last decisive answer counts: a yes survives an "um", but not a "wait, no" or a "hold on". */
export function lastAnswer(answers: readonly CallerAnswer[]): CallerAnswer | undefined {
  let last: CallerAnswer | undefined;
  for (const answer of answers) {
    const takesBack = answer.wavers && last?.verdict === 'affirm';
    if (!last || answer.verdict !== 'unclear' || takesBack) last = answer;
  }
  return last;
}

const ENOUGH_WORDS = 0.6;

/**
 * Whether the agent has read the sentence aloud. A second order needs it: "great, thanks" after "it is booked" is no order for another
 * one, so the turns that answer it begin after the agent has offered it.
 */
export function positionOfReadBack(consent: Consent, turns: readonly RecordedTurn[]): number | null {
  const wanted = wordsOf(consent.readBack);
  const read = turns.find(({ role, position, text }) => {
    if (role !== 'agent' || position <= consent.afterPosition) return false;
    const said = new Set(wordsOf(text));
    return wanted.filter((word) => said.has(word)).length >= wanted.length * ENOUGH_WORDS;
  });
  return read?.position ?? null;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
