import type { RecordedTurn } from '@patchbay/contracts/calls';
import type { CallerAnswer, Judged } from '../domain/caller-answer.ts';
import type { Words } from './schedule.ts';

/** A turn with what only the caller knows: when it was spoken. */
export interface Turn extends RecordedTurn {
  spokenAt: number;
  recordedAtMs: number;
}

const JUDGED: Record<Words, Judged> = {
  yes: { verdict: 'affirm', seen: [], reason: 'yes', wavers: false },
  no: { verdict: 'negate', seen: [], reason: 'no', wavers: false },
  change: { verdict: 'changed', seen: [], reason: 'changed', wavers: false },
  um: { verdict: 'unclear', seen: [], reason: 'unclear', wavers: true },
};
const AT = '2026-01-01T00:00:00.000Z';

/** The record of one call: turns in the order they were spoken, and in the order they were reported. */
export class VirtualCall {
  readonly turns: Turn[] = [];
  #turns = 0;

  newTurnId(): string {
    return `turn_${++this.#turns}`;
  }

  /** `spokenAt` is before now where a turn is reported late. */
  record(turnId: string, role: Turn['role'], text: string, now: number, spokenAt = now): void {
    this.turns.push({
      turnId,
      // As spoken: only their order counts.
      index: Math.round(spokenAt),
      role,
      text,
      interrupted: false,
      startedAt: AT,
      endedAt: AT,
      recordedAt: AT,
      position: this.turns.length + 1,
      spokenAt,
      recordedAtMs: now,
    });
  }

  after(position: number): RecordedTurn[] {
    return this.turns.filter((turn) => turn.position > position);
  }
}

export function judge({ turnId, text, recordedAt }: RecordedTurn): CallerAnswer {
  return { ...JUDGED[text as Words], turnId, words: text, at: recordedAt };
}
