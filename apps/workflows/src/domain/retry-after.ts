const SECONDS = /^\d{1,9}$/;

/** The wait that a `retry-after` header asks for, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3), or null. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (SECONDS.test(header)) return Number(header) * 1000;
  // Date.parse reads almost anything as a date, "-5" too; an HTTP date ends in GMT.
  const at = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
