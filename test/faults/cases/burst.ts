import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../../bench/statistics.ts';
import { mostLateMs, unexpected } from '../checker.ts';
import { atLeast, atMost, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import { mostGrowth } from '../resident-memory.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const PER_SECOND = 500;
const FOR_MS = 10_000;
/** The cold beginning by itself: over all of it, its few slow answers would be lost among the many. */
const BEGINNING_MS = 4_000;
const EVERY_MS = 20;
const DEADLINE_MS = 2_000;
const LATE_MS = 100;
/** At most so many of a slow provider's answers are waited for at once; the others must not wait behind them. */
const PROVIDER_MS = 400;
const SHED_WITHIN_MS = 20;
const NORMAL_WITHIN_MS = 5_000;
/** A session may make 60 calls a minute; here the limit of the function shall be met, and not that one. */
const SESSIONS = 100;
const GIVE_UP_MS = 15_000;
/** A new runner's heap grows to its working size in the first seconds; what it may not do is keep all that waits. */
const GROWTH_MIB = 64;
const MIB = 1024 ** 2;
const SHED = new Set(['overloaded', 'rate_limited', 'throttled']);

/** Ten times the ordinary load, for a moment: what cannot be done is refused at once, and then all is well again. */
export const burst: FaultCase = {
  name: 'burst',
  summary: `${PER_SECOND} calls a second for ${FOR_MS / 1000} s, with the platform's own limits`,
  async run(stage: Stage): Promise<Figure[]> {
    const { platform, provider } = stage;
    await using scene = await Scene.open(stage, 'burst', [{ name: 'look', effect: 'read', url: provider.urls.scripted, limits: null }]);
    const sessions = await scene.sessions(SESSIONS);
    await provider.otherwise({ delayMs: PROVIDER_MS, answer: { kind: 'json' } });
    let number = 0;
    const invoke = () => scene.edge.invoke(scene.call(sessions[number % sessions.length]!, 'look', `look_${++number}`), { deadlineMs: DEADLINE_MS });
    const asking: Promise<Ask>[] = [];
    const pids = platform.runners.map(({ pid }) => pid);
    const growth = await mostGrowth(pids, async () => {
      for (const endsAt = Date.now() + FOR_MS; Date.now() < endsAt; await wait(EVERY_MS)) {
        for (let call = 0; call < (PER_SECOND * EVERY_MS) / 1000; call++) asking.push(invoke());
      }
    });
    const endedAt = Date.now();
    const normalAt = await untilSucceeded(invoke);
    const asks = await Promise.all(asking);
    const shed = asks.filter(({ outcome }) => outcome?.status === 'rejected' && SHED.has(outcome.code ?? ''));
    const beginningUntil = Math.min(...asks.map(({ sentAtMs }) => sentAtMs)) + BEGINNING_MS;
    const tookMs = (some: Ask[]) => some.map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs).toSorted((a, b) => a - b);
    return [
      atLeast('burst: calls', asks.length, 1_000),
      atLeast('burst: calls refused', shed.length, 1),
      atMost('burst: refusal, 99th percentile', percentile(tookMs(shed), 0.99), SHED_WITHIN_MS, 'ms'),
      atMost('burst: refusal in its first 4 s, 99th percentile', percentile(tookMs(shed.filter(({ sentAtMs }) => sentAtMs < beginningUntil)), 0.99), SHED_WITHIN_MS, 'ms'),
      none(
        'burst: calls that ended otherwise',
        unexpected(
          asks.filter((ask) => !shed.includes(ask)),
          ['succeeded'],
        ),
      ),
      atMost('burst: answer after its deadline', mostLateMs(asks), LATE_MS, 'ms'),
      atMost('burst: growth of a runner', growth / MIB, GROWTH_MIB, 'MiB'),
      atMost('burst: time until a call succeeds again', normalAt - endedAt, NORMAL_WITHIN_MS, 'ms'),
    ];
  },
};

async function untilSucceeded(invoke: () => Promise<Ask>): Promise<number> {
  for (const endsAt = Date.now() + GIVE_UP_MS; Date.now() < endsAt; await wait(EVERY_MS)) {
    if ((await invoke()).outcome?.status === 'succeeded') return Date.now();
  }
  return Infinity;
}
