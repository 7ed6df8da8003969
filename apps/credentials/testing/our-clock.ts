import { jest } from '@jest/globals';

/** Everything of the test and the service but its idea of the time goes on as it is. */
const EVERYTHING_BUT_THE_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** Puts the clock of this process ahead, or behind; other processes, like the issuer's and the database's, keep theirs. */
export function moveOurClock(byMs: number): void {
  jest.useFakeTimers({ now: Date.now() + byMs, doNotFake: [...EVERYTHING_BUT_THE_DATE] });
}

export function restoreOurClock(): void {
  jest.useRealTimers();
}
