import { setTimeout as wait } from 'node:timers/promises';
import { contradictions, mostEffects, unexpected, unrecorded } from '../checker.ts';
import { atLeast, atMost, none, type Figure } from '../figure.ts';
import { SteadyLoad } from '../load.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const PER_SECOND = 50;
const DEADLINE_MS = 4_000;
/** A session may make 60 calls a minute. */
const SESSIONS = 32;
/** The longest deadline, and two seconds. */
const EXIT_WITHIN_MS = DEADLINE_MS + 2_000;
const BEFORE_MS = 1_000;
const AFTER_MS = 1_000;

/** A deploy: each runner in turn is told to stop while calls are under way, and starts again. */
export const stopRunner: FaultCase = {
  name: 'sigterm-runner',
  summary: `SIGTERM of each runner in turn, with ${PER_SECOND} calls a second`,
  async run(stage: Stage): Promise<Figure[]> {
    const { provider, platform, random } = stage;
    const url = provider.urls.scripted;
    await using scene = await Scene.open(stage, 'sigterm-runner', [
      { name: 'look', effect: 'read', url },
      { name: 'book', effect: 'write.reversible', url },
    ]);
    const sessions = await scene.sessions(SESSIONS);
    await provider.otherwise({ delayMs: 150, answer: { kind: 'json' } });
    let number = 0;
    const next = () => scene.call(sessions[number % SESSIONS]!, random.pick(['look', 'book']), `call_${++number}`);
    const load = new SteadyLoad(scene, next, { perSecond: PER_SECOND, deadlineMs: DEADLINE_MS });
    const exits: { how: string; tookMs: number }[] = [];
    for (const runner of platform.runners) {
      await wait(BEFORE_MS);
      const startedAt = performance.now();
      const how = await runner.signal('SIGTERM');
      exits.push({ how, tookMs: performance.now() - startedAt });
      await runner.ready();
    }
    await wait(AFTER_MS);
    const asks = await load.stop();
    const history = await scene.history(provider, asks);
    return [
      atLeast('sigterm-runner: calls', asks.length, 100),
      none('sigterm-runner: calls that did not succeed at once', unexpected(asks, ['succeeded'])),
      none(
        'sigterm-runner: exits with a code other than 0',
        exits.map(({ how }) => how).filter((how) => how !== 'exited with code 0'),
      ),
      atMost('sigterm-runner: time to exit', Math.max(...exits.map(({ tookMs }) => tookMs)), EXIT_WITHIN_MS, 'ms'),
      atMost('sigterm-runner: effects of one intent', mostEffects(history.requests), 1),
      none('sigterm-runner: statuses that are not true', contradictions(history)),
      none('sigterm-runner: outcomes that are not on record', unrecorded(asks, history.records)),
    ];
  },
};
