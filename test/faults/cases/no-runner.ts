import { atMost, none, type Figure } from '../figure.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const CALLS = 50;
const FAST_MS = 20;

/** Nobody is there to run anything: said at once, and not after a timeout. */
export const noRunner: FaultCase = {
  name: 'no-runner',
  summary: 'both runners are stopped',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider, platform } = stage;
    await using scene = await Scene.open(stage, 'no-runner', [{ name: 'book', effect: 'write.reversible', url: provider.urls.scripted }]);
    const sessionId = await scene.session();
    await Promise.all(platform.runners.map((runner) => runner.stop()));
    const asks = [];
    try {
      for (let number = 0; number < CALLS; number++) {
        asks.push(await scene.edge.invoke(scene.call(sessionId, 'book', `call_${number}`), { deadlineMs: 2_000 }));
      }
    } finally {
      await Promise.all(platform.runners.map((runner) => runner.start()));
    }
    const requests = await provider.log();
    return [
      none(
        'no-runner: calls that were not told so',
        asks.filter(({ problem }) => problem !== 'no_responders').map(({ problem, outcome }) => problem ?? String(outcome?.status)),
      ),
      atMost('no-runner: slowest failure', Math.max(...asks.map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs)), FAST_MS, 'ms'),
      none(
        'no-runner: requests at the provider',
        requests.map(({ tag }) => tag),
      ),
    ];
  },
};
