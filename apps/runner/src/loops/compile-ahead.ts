import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { SessionSnapshot } from '@patchbay/contracts/calls';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import { setImmediate as nextRound, setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AgentFunctions, type CompiledAgent } from '../outside/agent-functions.ts';
import { Sessions } from '../outside/sessions.ts';

/** Between two functions at the least, also when compiling one takes no time that can be measured. */
const LEAST_PAUSE_MS = 1;
/** A large schema; after one, the two windows in a row that would look like overload (guards/event-loop-lag.ts) are let pass. */
const LONG_MS = 50;
const PAUSE_AFTER_LONG_MS = 1_000;

/**
 * The functions of a version are compiled when its first call starts, long before a model has heard enough to use one: compiling a small schema
 * takes milliseconds, a large one tenths of a second. A function that is called earlier is compiled then.
 */
@Injectable()
export class CompileAhead implements BeforeApplicationShutdown {
  readonly #waiting = new Map<string, Pick<SessionSnapshot, 'organizationId' | 'versionId'>>();
  readonly #compiled = new WeakSet<CompiledAgent>();
  readonly #stopping = new AbortController();
  readonly #stopHearing: () => void;
  #working: Promise<void> | undefined;

  constructor(
    sessions: Sessions,
    private readonly functions: AgentFunctions,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    // Now, so that the sessions are heard of that are live when the process starts.
    this.#stopHearing = sessions.onStart(({ organizationId, versionId }) => this.#plan({ organizationId, versionId }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopHearing();
    this.#stopping.abort();
    await this.#working;
  }

  #plan(version: Pick<SessionSnapshot, 'organizationId' | 'versionId'>): void {
    this.#waiting.set(`${version.organizationId}.${version.versionId}`, version);
    this.#working ??= this.#work()
      .catch((err: unknown) => {
        if (!this.#stopping.signal.aborted) this.logger.warn({ err }, 'functions were not compiled ahead; a call compiles its own');
      })
      .finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    await Promise.race([this.functions.whenLoaded(), aborted(this.#stopping.signal)]);
    // A version that is added meanwhile is reached too.
    for (const [key, { organizationId, versionId }] of this.#waiting) {
      this.#waiting.delete(key);
      const agent = await this.functions.find(organizationId, versionId);
      if (agent) await this.#compile(agent);
    }
  }

  async #compile(agent: CompiledAgent): Promise<void> {
    if (this.#compiled.has(agent)) return;
    this.#compiled.add(agent);
    const { signal } = this.#stopping;
    for (const called of agent.functions.values()) {
      await nextRound(undefined, { signal });
      const startedAt = performance.now();
      called.defect();
      await delay(pauseMs(performance.now() - startedAt), undefined, { signal });
    }
  }
}

/** As long as it took: calls have the process at least half of the time, and wait for one function at the most. */
function pauseMs(tookMs: number): number {
  return tookMs >= LONG_MS ? PAUSE_AFTER_LONG_MS : Math.max(LEAST_PAUSE_MS, tookMs);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}
