import { setTimeout as wait } from 'node:timers/promises';
import type { InvokeOptions } from './edge.ts';
import type { Ask, Call } from './history.ts';
import type { Scene } from './scene.ts';

/** Calls one after another in each lane, as many lanes at once; each until it has ended. Answers all that was asked. */
export async function callInLanes(scene: Scene, calls: Call[], lanes: number, options: InvokeOptions): Promise<Ask[]> {
  const waiting = calls.values();
  const work = async () => {
    const asks: Ask[] = [];
    for (const call of waiting) asks.push(...(await scene.edge.invokeUntilEnded(call, options)));
    return asks;
  };
  return (await Promise.all(Array.from({ length: lanes }, work))).flat();
}

/** So many new calls every second until told to stop, whatever became of those before. Each is asked until it has ended. */
export class SteadyLoad {
  readonly #asks: Promise<Ask[]>[] = [];
  readonly #ended: Promise<void>;
  readonly #stop = new AbortController();

  constructor(scene: Scene, nextCall: () => Call, { perSecond, ...options }: InvokeOptions & { perSecond: number }) {
    this.#ended = this.#run(scene, nextCall, 1000 / perSecond, options);
  }

  /** The calls that have begun are waited for. */
  async stop(): Promise<Ask[]> {
    this.#stop.abort();
    await this.#ended;
    return (await Promise.all(this.#asks)).flat();
  }

  async #run(scene: Scene, nextCall: () => Call, everyMs: number, options: InvokeOptions): Promise<void> {
    const startedAt = performance.now();
    for (let begun = 0; !this.#stop.signal.aborted; begun++) {
      this.#asks.push(scene.edge.invokeUntilEnded(nextCall(), options));
      await wait(Math.max(0, startedAt + (begun + 1) * everyMs - performance.now()));
    }
  }
}
