import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FaultCase } from './cases/fault-case.ts';
import { none, type Figure } from './figure.ts';
import { startPlatform } from './platform.ts';
import { Provider } from './provider/provider.ts';
import { Random } from './random.ts';
import { lineOf } from './report.ts';
import type { Stage } from './scene.ts';

export interface RunInput {
  cases: FaultCase[];
  seed: number;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  say(text: string): void;
}

const TIMER_MS = 10;

/** Runs the cases one after the other on a platform of their own, which is removed afterwards. */
export async function runFaults({ cases, seed, env, signal, say }: RunInput): Promise<Figure[]> {
  await using undo = new AsyncDisposableStack();
  const platform = await startPlatform(env, signal);
  undo.defer(() => platform.stop());
  const provider = await Provider.start();
  undo.defer(() => provider.close());
  const timers = monitorEventLoopDelay({ resolution: TIMER_MS });
  timers.enable();
  undo.defer(() => void timers.disable());
  const figures: Figure[] = [];
  for (const [index, faultCase] of cases.entries()) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    timers.reset();
    say(`${index + 1}/${cases.length} ${faultCase.name}: ${faultCase.summary}`);
    const stage = { platform, provider, random: new Random(seed), say, signal };
    const found = await Promise.race([runCase(faultCase, stage), stopped(signal)]);
    figures.push(...found);
    const held = found.filter(({ pass }) => pass).length;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    // Times are measured here: what a timer of this process is late by, no answer can be better than.
    say(`    ${held} of ${found.length} held, ${seconds} s; timers of this process were up to ${(timers.max / 1e6 - TIMER_MS).toFixed(0)} ms late`);
    for (const failed of found.filter(({ pass }) => !pass)) say(`    ${lineOf(0)(failed)}`);
  }
  return figures;
}

/** Rejects at Ctrl-C: a case may have a minute to go. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** A case that could not be played has not held; the others may still tell something. */
async function runCase(faultCase: FaultCase, stage: Stage): Promise<Figure[]> {
  try {
    return await faultCase.run(stage);
  } catch (error) {
    stage.signal.throwIfAborted();
    return [none(`${faultCase.name}: could not be played`, [error instanceof Error ? (error.stack ?? error.message) : String(error)])];
  } finally {
    await stage.provider.forget();
  }
}
