/** Kept back from the deadline to record the outcome and reply. */
export const REPLY_RESERVE_MS = 50;

export const LATE = Symbol('late');

/** What a promise brings within so many milliseconds, or `LATE`; the promise goes on. */
export async function inTime<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), LATE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
