import { Injectable } from '@nestjs/common';

/** Word inside this process that a check has come due: whoever checks need not wait for the next look. Lost word costs that wait, and no check. */
@Injectable()
export class DueChecks {
  readonly #listeners = new Set<() => void>();

  /** After the commit that made it due. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Returns how to stop hearing. */
  onAnnounce(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
