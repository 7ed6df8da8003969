import type { TerminalStatus } from './state.ts';

/** When an `unknown` write is looked at again, counted from the look before. After the last one it stays for a person. */
export const VERIFY_DELAYS_MS: readonly number[] = [2_000, 5_000, 15_000, 60_000, 300_000, 900_000];

/** "Not there" is believed only when the request cannot be on its way any more, this long after it was given up. */
const SETTLED_AFTER_MS = 5_000;

export type Finding = 'done' | 'not_done' | 'not_known';

/** What a finding makes of an `unknown` write; null leaves it as it is. */
export function conclude(finding: Finding, sinceGivenUpMs: number): Extract<TerminalStatus, 'succeeded' | 'failed'> | null {
  if (finding === 'done') return 'succeeded';
  return finding === 'not_done' && sinceGivenUpMs >= SETTLED_AFTER_MS ? 'failed' : null;
}

/** Milliseconds until the next look after so many; null when there is none. */
export function nextLookMs(looks: number): number | null {
  return VERIFY_DELAYS_MS[looks] ?? null;
}
