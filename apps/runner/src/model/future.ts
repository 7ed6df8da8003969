/** What may be waited for. */
export interface Awaitable<out T> {
  on(onValue: (value: T) => void, onError: (error: unknown) => void): void;
}

/** A value that comes later. Whoever waits goes on in the moment it comes: there is no queue of microtasks, so a run is deterministic. */
export class Future<T> implements Awaitable<T> {
  #settled: { value: T } | { error: unknown } | undefined;
  #waiting: { onValue: (value: T) => void; onError: (error: unknown) => void }[] = [];

  static of<T>(value: T): Future<T> {
    const future = new Future<T>();
    future.resolve(value);
    return future;
  }

  resolve(value: T): void {
    if (this.#settled) return;
    this.#settled = { value };
    for (const { onValue } of this.#waiting.splice(0)) onValue(value);
  }

  reject(error: unknown): void {
    if (this.#settled) return;
    this.#settled = { error };
    for (const { onError } of this.#waiting.splice(0)) onError(error);
  }

  on(onValue: (value: T) => void, onError: (error: unknown) => void): void {
    if (!this.#settled) this.#waiting.push({ onValue, onError });
    else if ('value' in this.#settled) onValue(this.#settled.value);
    else onError(this.#settled.error);
  }
}

/** What an async function is to the runner: each `yield` is an `await`, and anything may happen there. */
export type Task<T> = Generator<Awaitable<unknown>, T, unknown>;

export function* wait<T>(future: Awaitable<T>): Task<T> {
  return (yield future) as T;
}

/** Runs a task until it first waits, and on from there whenever what it waits for has come. */
export function start<T>(task: Task<T>): Future<T> {
  const end = new Future<T>();
  const go = (next: () => IteratorResult<Awaitable<unknown>, T>): void => {
    let step: IteratorResult<Awaitable<unknown>, T>;
    try {
      step = next();
    } catch (error) {
      end.reject(error);
      return;
    }
    if (step.done) end.resolve(step.value);
    else {
      step.value.on(
        (value) => go(() => task.next(value)),
        (error) => go(() => task.throw(error)),
      );
    }
  };
  go(() => task.next());
  return end;
}
