import { Injectable } from '@nestjs/common';
import type { Invocation } from '../pipeline/invocation.ts';

/** The invocations of this process from their arrival until their evidence is stored. */
@Injectable()
export class RunningInvocations {
  readonly #running = new Map<string, Invocation>();

  add(invocation: Invocation): void {
    this.#running.set(invocation.invocationId, invocation);
  }

  remove(invocation: Invocation): void {
    this.#running.delete(invocation.invocationId);
  }

  find(organizationId: string, edgeId: string, invocationId: string): Invocation | null {
    const found = this.#running.get(invocationId);
    return found?.organizationId === organizationId && found.edgeId === edgeId ? found : null;
  }

  ids(): IterableIterator<string> {
    return this.#running.keys();
  }

  /** Reads of a session that are under way here; writes are counted in the database. */
  countReads(organizationId: string, sessionId: string): number {
    let count = 0;
    for (const { organizationId: owner, input, committed, verdict } of this.#running.values()) {
      if (owner === organizationId && input.sessionId === sessionId && !committed && !verdict) count++;
    }
    return count;
  }
}
