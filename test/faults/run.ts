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

/** Runs the cases one after the other on a platform of their own, which is removed afterwards. */
export async function runFaults({ cases, seed, env, signal, say }: RunInput): Promise<Figure[]> {
  await using undo = new AsyncDisposableStack();
  const platform = await startPlatform(env, signal);
  undo.defer(() => platform.stop());
  const provider = await Provider.start();
  undo.defer(() => provider.close());
  const figures: Figure[] = [];
  for (const [index, faultCase] of cases.entries()) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    say(`${index + 1}/${cases.length} ${faultCase.name}: ${faultCase.summary}`);
    const found = await runCase(faultCase, { platform, provider, random: new Random(seed), say, signal });
    figures.push(...found);
    const held = found.filter(({ pass }) => pass).length;
    say(`    ${held} of ${found.length} held, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    for (const failed of found.filter(({ pass }) => !pass)) say(`    ${lineOf(0)(failed)}`);
  }
  return figures;
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
