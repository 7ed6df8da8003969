import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Invocation } from '../pipeline/invocation.ts';

interface Awaited {
  invocation: Invocation;
  timer: NodeJS.Timeout;
}

/** Directives that an edge of this process's calls is carrying out. */
@Injectable()
export class AwaitedReports implements BeforeApplicationShutdown {
  readonly #awaited = new Map<string, Awaited>();

  /** `onSilence` is called when the edge has said nothing for as long as the directive may take. */
  add(invocation: Invocation, onSilence: () => void): void {
    const { invocationId, function: called } = invocation;
    const timer = setTimeout(() => {
      this.#awaited.delete(invocationId);
      onSilence();
    }, called!.timeoutMs);
    this.#awaited.set(invocationId, { invocation, timer });
  }

  take(organizationId: string, edgeId: string, invocationId: string): Invocation | null {
    const found = this.#awaited.get(invocationId);
    if (found?.invocation.organizationId !== organizationId || found.invocation.edgeId !== edgeId) return null;
    clearTimeout(found.timer);
    this.#awaited.delete(invocationId);
    return found.invocation;
  }

  /** The next runner learns from the ledger what is still awaited. */
  beforeApplicationShutdown(): void {
    for (const { timer } of this.#awaited.values()) clearTimeout(timer);
  }
}
