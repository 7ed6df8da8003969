import { randomBytes } from 'node:crypto';
import { CONCURRENCIES, type Concurrency, type ContenderName } from './contenders/contender.ts';
import type { CalledSession } from './contenders/patchbay.ts';
import { requireEvidence } from './evidence.ts';
import { Inspector } from './inspector.ts';
import type { LoadOptions, LoadSample } from './load.ts';
import { watchMemory } from './memory.ts';
import type { BenchOptions } from './options.ts';
import { sharesOf } from './profile.ts';
import type { ProviderCount } from './provider-server.ts';
import { SLOW_CONTENDERS, type Measured, type Sample, type SlowContenderName } from './results.ts';
import { openStage, SLOW_MS, type Stage } from './stage.ts';
import { median } from './statistics.ts';
import { isTraced, lookAtTraces, requireTrace } from './traces.ts';

const BUSY = Math.max(...CONCURRENCIES);
/**
 * Compilers, pools and sessions are there before anything counts: V8 goes on optimizing the runner for about ten thousand calls, on
 * threads that take a quarter of its processor time meanwhile.
 */
const FIRST_WARM_UP = { concurrency: BUSY, forMs: 8_000 };
/** Sockets and sessions for this concurrency; counted for the CPU time, not for the latencies. */
const WARM_UP_MS = 300;
const SLOW_WARM_UP_MS = 1_000;
/** Only the number of calls is to end a part of the watch over memory. */
const PART_WITHIN_MS = 30_000;
const SLOW = { concurrency: 200, spreadMs: SLOW_MS };
const SLOW_LOADS: Record<SlowContenderName, string> = {
  webhook: 'webhookSlow',
  webhookTraced: 'webhookTracedSlow',
  patchbayRead: 'patchbaySlow',
};
/** In a round; short, because what is looked for is smaller than what the machine drifts by in a second. */
const CREDENTIAL_PAIRS = 30;
const CREDENTIAL_SLICE = { concurrency: 1, forMs: 150 };
const CREDENTIAL_WARM_UP = { concurrency: 1, forMs: 2_000 };

/**
 * Measures each contender in turn at each concurrency, round after round. Rejects when any call did not succeed: there are
 * no figures of a run with failures.
 */
export async function runBench(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<Measured> {
  await using stage = await openStage({ env, signal, secret: randomBytes(24).toString('hex') });
  return await new Bench(stage, options, signal, say).run();
}

class Bench {
  readonly #stage: Stage;
  readonly #options: BenchOptions;
  readonly #signal: AbortSignal;
  readonly #say: (text: string) => void;
  readonly #result: Measured = { samples: [], slow: [], credential: [], profiles: {}, memory: null };

  constructor(stage: Stage, options: BenchOptions, signal: AbortSignal, say: (text: string) => void) {
    this.#stage = stage;
    this.#options = options;
    this.#signal = signal;
    this.#say = say;
  }

  async run(): Promise<Measured> {
    for (const contender of this.#options.contenders) await this.#warmUp(contender);
    if (this.#slow.length > 0) await this.#warmUpSlow();
    if (this.#comparesCredential) await this.#warmUpCredential();
    for (let round = 1; round <= this.#options.rounds; round++) {
      for (const concurrency of CONCURRENCIES) {
        for (const contender of this.#inTurn(round)) await this.#measure(contender, concurrency, round);
      }
      if (this.#slow.length > 0) await this.#measureSlow(round);
      if (this.#comparesCredential) await this.#measureCredential(round);
    }
    await this.#lookInside();
    await this.#requireEvidence();
    return this.#result;
  }

  /** Another one begins in each round, so that nobody always runs after the same neighbour. */
  #inTurn(round: number): ContenderName[] {
    const { contenders } = this.#options;
    const first = (round - 1) % contenders.length;
    return [...contenders.slice(first), ...contenders.slice(0, first)];
  }

  get #slow(): SlowContenderName[] {
    const { contenders } = this.#options;
    return contenders.includes('direct') ? SLOW_CONTENDERS.filter((name) => contenders.includes(name)) : [];
  }

  get #comparesCredential(): boolean {
    return this.#options.contenders.includes('patchbayRead');
  }

  async #warmUp(contender: ContenderName): Promise<void> {
    this.#say(`warming up ${contender}`);
    const { traceIds } = await this.#load(contender, FIRST_WARM_UP);
    const [traceId] = traceIds;
    if (isTraced(contender) && traceId !== undefined) await requireTrace(this.#stage.rest, contender, traceId);
    await this.#stage.system.settle();
  }

  async #warmUpSlow(): Promise<void> {
    this.#say('warming up the slow provider');
    for (const name of ['directSlow', ...this.#slow.map((contender) => SLOW_LOADS[contender])]) await this.#load(name, { ...SLOW, forMs: FIRST_WARM_UP.forMs });
    await this.#stage.system.settle();
  }

  async #warmUpCredential(): Promise<void> {
    this.#say('warming up reads with and without a connection');
    for (const name of ['patchbayOpen', 'patchbayRead']) await this.#load(name, CREDENTIAL_WARM_UP);
    await this.#stage.system.settle();
  }

  async #measure(contender: ContenderName, concurrency: Concurrency, round: number): Promise<void> {
    const { system, rest } = this.#stage;
    const started = system.start();
    const warmUp = await this.#load(contender, { concurrency, forMs: WARM_UP_MS });
    const load = await this.#load(contender, { concurrency, forMs: this.#options.seconds * 1000 });
    await system.settle();
    const cpu = system.usedSince(started);
    const calls = warmUp.calls + load.calls;
    const sample: Sample = {
      contender,
      concurrency,
      round,
      p50Ms: load.p50Ms,
      p99Ms: load.p99Ms,
      perSecond: load.perSecond,
      cpuMsPerCallByPart: cpu && Object.fromEntries(Object.entries(cpu.byPart).map(([part, ms]) => [part, ms / calls])),
      othersShare: cpu && cpu.othersShare,
      traces: isTraced(contender) ? await lookAtTraces(rest, contender, load.traceIds) : null,
    };
    this.#result.samples.push(sample);
    this.#sayLoad(`round ${round}/${this.#options.rounds}, ${concurrency} in flight, ${contender}`, load);
  }

  /** What is added to a provider that takes its time, with many calls waiting for it. */
  async #measureSlow(round: number): Promise<void> {
    const measure = async (name: string) => {
      await this.#load(name, { ...SLOW, forMs: SLOW_WARM_UP_MS });
      const sample = await this.#load(name, { ...SLOW, forMs: this.#options.seconds * 1000 });
      await this.#stage.system.settle();
      this.#sayLoad(`round ${round}/${this.#options.rounds}, ${SLOW.concurrency} in flight, ${name}`, sample);
      return sample;
    };
    const direct = await measure('directSlow');
    for (const contender of this.#slow) {
      const { p50Ms, p99Ms } = await measure(SLOW_LOADS[contender]);
      this.#result.slow.push({ contender, addedP50Ms: p50Ms - direct.p50Ms, addedP99Ms: p99Ms - direct.p99Ms });
    }
  }

  /** What it adds to a read that it is made with a connection's secret; in pairs, and the other one first in every second of them. */
  async #measureCredential(round: number): Promise<void> {
    const addedMs: number[] = [];
    for (let pair = 0; pair < CREDENTIAL_PAIRS; pair++) {
      const names = pair % 2 === 0 ? ['patchbayOpen', 'patchbayRead'] : ['patchbayRead', 'patchbayOpen'];
      const p50Ms: Record<string, number> = {};
      for (const name of names) p50Ms[name] = (await this.#load(name, CREDENTIAL_SLICE)).p50Ms;
      addedMs.push(p50Ms['patchbayRead']! - p50Ms['patchbayOpen']!);
    }
    this.#result.credential.push(...addedMs.map((addedP50Ms) => ({ addedP50Ms })));
    await this.#stage.system.settle();
    this.#say(`round ${round}/${this.#options.rounds}, 1 in flight, a connection adds ${median(addedMs).toFixed(3)} ms`);
  }

  /** After everything else, because a process that is looked into is slower. */
  async #lookInside(): Promise<void> {
    const inspected = (['patchbayRead', 'patchbayWrite'] as const).filter((name) => this.#options.contenders.includes(name));
    if (inspected.length === 0) return;
    using inspector = await Inspector.open(this.#stage.runner);
    for (const name of inspected) {
      this.#say(`profiling ${name}`);
      const load = { concurrency: BUSY, forMs: this.#options.seconds * 1000 };
      this.#result.profiles[name] = sharesOf(await inspector.profile(() => this.#load(name, load)));
    }
    if (inspected.includes('patchbayRead') && this.#options.memoryCalls > 0) await this.#watchMemory(inspector);
  }

  async #watchMemory(inspector: Inspector): Promise<void> {
    this.#say(`watching the runner's memory over ${this.#options.memoryCalls} calls`);
    this.#result.memory = await watchMemory({ pid: this.#stage.runner.pid, inspector }, this.#options.memoryCalls, {
      load: async (most) => (await this.#load('patchbayRead', { concurrency: BUSY, forMs: PART_WITHIN_MS, most })).calls,
      settle: () => this.#stage.system.settle(),
    });
  }

  /** Rejects when the provider was not asked exactly once for each call: an answer from memory is no answer. */
  async #load(name: string, options: LoadOptions): Promise<LoadSample> {
    this.#signal.throwIfAborted();
    const sample = await this.#stage.load.ask<LoadSample>({ kind: 'run', name, ...options });
    const { requests, orders } = await this.#stage.provider.ask<ProviderCount>({ kind: 'count' });
    if (requests === sample.calls && orders === sample.calls) return sample;
    throw new Error(`${name} made ${sample.calls} calls, and the provider saw ${requests} requests for ${orders} orders.`);
  }

  async #requireEvidence(): Promise<void> {
    const sessions = await this.#stage.load.ask<CalledSession[]>({ kind: 'finish' });
    for (const session of sessions) await requireEvidence(this.#stage.rest, session);
  }

  #sayLoad(what: string, { p50Ms, p99Ms, perSecond }: LoadSample): void {
    this.#say(`${what}: p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, ${perSecond.toFixed(0)}/s`);
  }
}
