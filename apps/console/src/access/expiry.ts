/** How long something lives, in days, as the API takes it; empty: for ever. */
export const LIVES = [
  ['90', '90 days'],
  ['30', '30 days'],
  ['365', 'a year'],
  ['', 'it does not end'],
] as const;
export type Life = (typeof LIVES)[number][0];

/** How long an old one still works beside the new one, in hours. */
export const OVERLAPS = [
  ['24', 'for a day'],
  ['1', 'for an hour'],
  ['168', 'for a week'],
  ['0', 'not at all: it ends now'],
] as const;
export type Overlap = (typeof OVERLAPS)[number][0];

export function expiryOf(life: Life): { expiresAfterDays?: number } {
  return life === '' ? {} : { expiresAfterDays: Number(life) };
}

interface Ending {
  expiresAt: string | null;
  revokedAt: string | null;
}

/** Ends within a week: time to renew it. */
const SOON_MS = 7 * 86_400_000;

export type EndState = 'active' | 'ends soon' | 'expired' | 'revoked';

export function endState({ expiresAt, revokedAt }: Ending, now: Date): EndState {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'active';
  const leftMs = Date.parse(expiresAt) - now.getTime();
  if (leftMs <= 0) return 'expired';
  return leftMs < SOON_MS ? 'ends soon' : 'active';
}
