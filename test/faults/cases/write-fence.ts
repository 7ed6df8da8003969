import { unexpected } from '../checker.ts';
import { exactly, none, type Figure } from '../figure.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const WRITES = ['write.idempotent', 'write.reversible', 'write.irreversible', 'message'];
const EACH = 5;

/** A conversation on the test channel: nothing may leave that changes anything. */
export const writeFence: FaultCase = {
  name: 'write-fence',
  summary: 'writes of every class in a session of the test channel',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider } = stage;
    const url = provider.urls.scripted;
    const functions = [...WRITES, 'read'].map((effect) => ({ name: effect.replace('.', '_'), effect, url }));
    await using scene = await Scene.open(stage, 'write-fence', functions);
    const sessionId = await scene.session('test');
    const calls = functions.flatMap(({ name }) => Array.from({ length: EACH }, (_, number) => scene.call(sessionId, name, `${name}_${number}`)));
    const asks = await Promise.all(calls.map((call) => scene.edge.invoke(call, { deadlineMs: 3_000 })));
    const requests = await provider.log();
    const writes = asks.filter(({ call }) => call.function !== 'read');
    return [
      none(
        'write-fence: writes at the provider',
        requests.filter(({ kind }) => kind === 'effect').map(({ tag }) => tag),
      ),
      none(
        'write-fence: writes that were not refused as write_fenced',
        writes
          .filter(({ outcome }) => outcome?.code !== 'write_fenced')
          .map(({ call, outcome }) => `${call.function}: ${outcome?.status} ${outcome?.code}`),
      ),
      none(
        'write-fence: reads that did not succeed',
        unexpected(
          asks.filter(({ call }) => call.function === 'read'),
          ['succeeded'],
        ),
      ),
      exactly('write-fence: reads at the provider', requests.filter(({ kind }) => kind === 'read').length, EACH),
    ];
  },
};
