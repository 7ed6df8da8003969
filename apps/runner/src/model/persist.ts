import { wait, type Awaitable, type Task } from './future.ts';
import type { VirtualProcess } from './virtual-process.ts';

const RETRY_MS = 250;

/** What must not be lost is tried until the database takes it. */
export function* persist<T>(process: VirtualProcess, write: () => Awaitable<T>): Task<T> {
  for (;;) {
    try {
      return yield* wait(write());
    } catch {
      yield* wait(process.sleep(RETRY_MS));
    }
  }
}
