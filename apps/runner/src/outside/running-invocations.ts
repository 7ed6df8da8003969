import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { Outcome } from '@patchbay/contracts/outcome';
import { inTime } from '../pipeline/in-time.ts';
import type { Invocation } from '../pipeline/invocation.ts';

/** Less than an orchestrator gives a process to stop, which is 30 s by default. */
const DRAIN_MS = 20_000;
const READ_WINDOW_MS = EFFECT_RULES.read.duplicateWindowMs ?? 0;

interface Answered {
  key: string;
  outcome: Outcome;
  until: number;
}

/** The invocations of this process from their arrival until their evidence is stored, and the reads that were just answered. */
@Injectable()
export class RunningInvocations implements OnModuleDestroy {
  readonly #running = new Map<string, Invocation>();
  readonly #byRequest = new Map<string, Invocation>();
  readonly #answered = new Map<string, Answered>();
  #onQuiet: (() => void) | undefined;

  add(invocation: Invocation): void {
    this.#running.set(invocation.invocationId, invocation);
  }

  remove(invocation: Invocation): void {
    this.#running.delete(invocation.invocationId);
    if (this.#onQuiet && this.#isQuiet()) this.#onQuiet();
  }

  /** Whoever waits for a reply has it by now; what goes on behind a `pending` gets this long to end, then it is settled as after a crash. */
  async onModuleDestroy(): Promise<void> {
    if (this.#isQuiet()) return;
    const quiet = new Promise<void>((resolve) => (this.#onQuiet = resolve));
    await inTime(quiet, DRAIN_MS);
  }

  /** What has a verdict waits for its evidence to be stored, or for the report of an edge, which another runner may hear. */
  #isQuiet(): boolean {
    return [...this.#running.values()].every(({ verdict }) => verdict !== undefined);
  }

  /** The equal request that is under way here; when there is none, this one is from now on. */
  joinOrLead(key: string, invocation: Invocation): Invocation | undefined {
    const leader = this.#byRequest.get(key);
    if (!leader) this.#byRequest.set(key, invocation);
    return leader;
  }

  /** The leader has an outcome; that of a read is good for equal requests of the next moments. */
  answered(key: string, invocation: Invocation, outcome: Outcome): void {
    if (this.#byRequest.get(key) !== invocation) return;
    this.#byRequest.delete(key);
    if (invocation.changesTheWorld || outcome.status !== 'succeeded') return;
    const now = performance.now();
    this.#forget(now);
    this.#answered.set(key, { key, outcome, until: now + READ_WINDOW_MS });
  }

  /** What an equal read was answered within the duplicate window. */
  justAnswered(key: string): Outcome | undefined {
    const found = this.#answered.get(key);
    return found && found.until > performance.now() ? found.outcome : undefined;
  }

  /** Entries are in the order of their ends: the first that lasts ends the search. */
  #forget(now: number): void {
    for (const { key, until } of this.#answered.values()) {
      if (until > now) return;
      this.#answered.delete(key);
    }
  }

  find(organizationId: string, edgeId: string, invocationId: string): Invocation | null {
    const found = this.#running.get(invocationId);
    return found?.organizationId === organizationId && found.edgeId === edgeId ? found : null;
  }

  findByToolCall(organizationId: string, edgeId: string, sessionId: string, toolCallId: string): Invocation | null {
    return (
      this.ofSession(organizationId, sessionId).find(({ edgeId: owner, input }) => owner === edgeId && input.toolCallId === toolCallId) ?? null
    );
  }

  ofSession(organizationId: string, sessionId: string): Invocation[] {
    return [...this.#running.values()].filter((one) => one.organizationId === organizationId && one.input.sessionId === sessionId);
  }

  ids(): IterableIterator<string> {
    return this.#running.keys();
  }

  /** Reads of a session that are under way here; writes, and what was answered `pending`, are counted in the database. */
  countReads(organizationId: string, sessionId: string): number {
    return this.ofSession(organizationId, sessionId).filter(({ committed, goesOn, verdict }) => !committed && !goesOn && !verdict).length;
  }
}
