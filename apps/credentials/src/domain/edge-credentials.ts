const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** To the second, as a JWT counts. Null: never. */
export function credentialsExpiry(days: number | undefined, now: Date): Date | null {
  return days === undefined ? null : new Date(Math.floor((now.getTime() + days * DAY_MS) / 1000) * 1000);
}

/** Old credentials work until the overlap ends, and never longer than the new ones: an edge is over when its newest credentials are. */
export function overlapEnd(overlapHours: number, newExpiry: Date | null, now: Date): Date {
  const end = new Date(now.getTime() + overlapHours * HOUR_MS);
  return newExpiry !== null && newExpiry < end ? newExpiry : end;
}
