import { setTimeout as wait } from 'node:timers/promises';
import { changedEnds, contradictions, mostEffects, mostLateMs, unexpected, unsettled } from '../checker.ts';
import { atLeast, atMost, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import type { Runner } from '../runners.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const PRELOAD = new URL('../clock-step.ts', import.meta.url).href;
/** +10 min, −10 min (20 back), and right again. */
const STEPS = 3;
const EACH = 8;
const SLOW_DEADLINE_MS = 1_500;
const WRITE_DEADLINE_MS = 3_000;
const WRITE_TAKES_MS = 900;
const STEP_AFTER_MS = 400;
const LATE_MS = 100;

/** The wall clock of the only runner jumps while calls are under way. */
export const clockStep: FaultCase = {
  name: 'clock-step',
  summary: 'the wall clock of a runner jumps ten minutes ahead, twenty back, and right again',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider, platform } = stage;
    const url = provider.urls.scripted;
    const steps = Array.from({ length: STEPS }, (_, index) => index + 1);
    // Accounts of their own for each step: after the silence in one, a breaker would answer in the next.
    const functions = steps.flatMap((step) => [
      { name: `look_${step}`, effect: 'read', url },
      { name: `book_${step}`, effect: 'write.reversible', url },
    ]);
    await using scene = await Scene.open(stage, 'clock-step', functions);
    const stepped = await platform.startRunner('runner-stepped', { preload: PRELOAD });
    try {
      await Promise.all(platform.runners.map((runner) => runner.stop()));
      const asks: Ask[] = [];
      for (const step of steps) asks.push(...(await callsAcrossStep(stage, scene, stepped, step)));
      const history = await scene.history(provider, asks);
      const of = (name: string) => asks.filter(({ call }) => call.function.startsWith(name));
      return [
        atMost('clock-step: answer after its deadline', mostLateMs(of('look')), LATE_MS, 'ms'),
        atLeast('clock-step: shortest wait for a provider that is silent', Math.min(...of('look').map(tookMs)), SLOW_DEADLINE_MS - LATE_MS, 'ms'),
        none('clock-step: reads with a wrong status', unexpected(of('look'), ['failed'])),
        none('clock-step: writes that did not succeed', unexpected(of('book'), ['succeeded'])),
        atMost('clock-step: effects of one intent', mostEffects(history.requests), 1),
        none('clock-step: statuses that are not true', contradictions(history)),
        none('clock-step: invocations without an end, or with two', [...unsettled(history.records), ...changedEnds(asks, history.records)]),
      ];
    } finally {
      await Promise.all(platform.runners.map((runner) => runner.start()));
      await stepped.stop();
    }
  },
};

async function callsAcrossStep({ provider }: Stage, scene: Scene, stepped: Runner, step: number): Promise<Ask[]> {
  const sessionId = await scene.session();
  const callsOf = (name: string) =>
    Array.from({ length: EACH }, (_, number) => scene.call(sessionId, `${name}_${step}`, `${name}_${step}_${number}`));
  const reads = callsOf('look');
  const writes = callsOf('book');
  await provider.script(Object.fromEntries(reads.map((call) => [call.arguments.tag, [{ answer: { kind: 'silence' } }]])));
  await provider.otherwise({ delayMs: WRITE_TAKES_MS, answer: { kind: 'json' } });
  const asking = Promise.all([
    ...reads.map((call) => scene.edge.invoke(call, { deadlineMs: SLOW_DEADLINE_MS })),
    ...writes.map((call) => scene.edge.invoke(call, { deadlineMs: WRITE_DEADLINE_MS })),
  ]);
  await wait(STEP_AFTER_MS);
  process.kill(stepped.pid, 'SIGUSR2');
  return asking;
}

function tookMs({ sentAtMs, endedAtMs }: Ask): number {
  return endedAtMs - sentAtMs;
}
