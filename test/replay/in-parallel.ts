/** Runs `task` for every item, at most `width` at once, in order of the items; the first failure stops the rest. */
export async function inParallel<T, R>(
  items: T[],
  width: number,
  task: (item: T) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  async function work(): Promise<void> {
    while (!failed && !signal?.aborted && next < items.length) {
      const index = next++;
      results[index] = await task(items[index] as T).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}
