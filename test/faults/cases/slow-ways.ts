import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../../bench/statistics.ts';
import { changedEnds, contradictions, mostEffects, mostRequests, unanswered, unexpected, unrecorded, unsettled } from '../checker.ts';
import { atLeast, atMost, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import { SteadyLoad } from '../load.ts';
import { Scene, type Stage } from '../scene.ts';
import { TcpProxy } from '../tcp-proxy.ts';
import type { FaultCase } from './fault-case.ts';

const PER_SECOND = 20;
const SESSIONS = 16;
const DEADLINE_MS = 3_000;
const MEASURED_MS = 4_000;
/** There and back. */
const COMMIT_MS = 100;
const READS_RISE_MS = 50;
/** Intent and outcome leave, each behind the group commit that is under way; the intent's is waited for. And what the machine adds. */
const WRITES_RISE_MS = 2 * 2 * COMMIT_MS + 50;
const PARTITION_MS = 5_000;
const RECOVERY_MS = 2_000;
const SHORT_DEADLINE_MS = 1_000;

/** Every answer of PostgreSQL takes 100 ms longer: reads do not notice, writes wait for the commit of their intent, and nothing piles up. */
export const postgresSlow: FaultCase = {
  name: 'postgres-slow',
  summary: `every answer of PostgreSQL takes ${COMMIT_MS} ms longer`,
  async run(stage: Stage): Promise<Figure[]> {
    const { provider, platform } = stage;
    const url = provider.urls.scripted;
    const { hostname, port } = new URL(platform.running.databaseUrl!);
    const way = await TcpProxy.start({ host: hostname, port: Number(port) });
    await using scene = await Scene.open(stage, 'postgres-slow', [
      { name: 'look', effect: 'read', url },
      { name: 'book', effect: 'write.reversible', url },
    ]);
    const slow = await platform.startRunner('runner-slow-database', { databasePort: way.port });
    try {
      await Promise.all(platform.runners.map((runner) => runner.stop()));
      const before = await measure(stage, scene, 'before');
      way.delayMs = COMMIT_MS / 2;
      const during = await measure(stage, scene, 'during');
      way.delayMs = 0;
      const asks = [...before, ...during];
      const history = await scene.history(provider, asks);
      const rise = (name: string) => p95Ms(during, name) - p95Ms(before, name);
      return [
        none('postgres-slow: calls that did not succeed', unexpected(asks, ['succeeded'])),
        atMost('postgres-slow: reads take longer by, 95th percentile', rise('look'), READS_RISE_MS, 'ms'),
        atMost('postgres-slow: writes take longer by, 95th percentile', rise('book'), WRITES_RISE_MS, 'ms'),
        atMost('postgres-slow: effects of one intent', mostEffects(history.requests), 1),
        none('postgres-slow: outcomes that are not on record', unrecorded(asks, history.records)),
      ];
    } finally {
      await Promise.all(platform.runners.map((runner) => runner.start()));
      await slow.stop();
      await way.close();
    }
  },
};

async function measure({ random }: Stage, scene: Scene, name: string): Promise<Ask[]> {
  const sessions = await scene.sessions(SESSIONS);
  let number = 0;
  const next = () => scene.call(sessions[number % SESSIONS]!, random.pick(['look', 'book']), `${name}_${++number}`);
  const load = new SteadyLoad(scene, next, { perSecond: PER_SECOND, deadlineMs: DEADLINE_MS });
  await wait(MEASURED_MS);
  return load.stop();
}

function p95Ms(asks: Ask[], name: string): number {
  const took = asks.filter(({ call }) => call.function === name).map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs);
  return percentile(
    took.toSorted((a, b) => a - b),
    0.95,
  );
}

/** Nothing passes between the edge and NATS for five seconds, and nobody is told; then all of it arrives at once. */
export const edgePartition: FaultCase = {
  name: 'edge-partition',
  summary: 'nothing passes between an edge and NATS for 5 s, and then all of it',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider, platform } = stage;
    const { hostname, port } = new URL(platform.running.natsUrl);
    const way = await TcpProxy.start({ host: hostname, port: Number(port) });
    try {
      await using scene = await Scene.open(stage, 'edge-partition', [{ name: 'book', effect: 'write.reversible', url: provider.urls.scripted }], way);
      const sessions = await scene.sessions(SESSIONS);
      await provider.otherwise({ delayMs: 50, answer: { kind: 'json' } });
      let number = 0;
      const next = () => scene.call(sessions[number % SESSIONS]!, 'book', `book_${++number}`);
      const load = new SteadyLoad(scene, next, { perSecond: PER_SECOND, deadlineMs: SHORT_DEADLINE_MS, patienceMs: 100 });
      await wait(RECOVERY_MS);
      way.freeze();
      await wait(PARTITION_MS);
      const healedAt = Date.now();
      way.heal();
      await wait(RECOVERY_MS);
      const asks = await load.stop();
      const history = await scene.history(provider, asks);
      const first = Math.min(...asks.filter(({ outcome, endedAtMs }) => outcome && endedAtMs > healedAt).map(({ endedAtMs }) => endedAtMs));
      return [
        atLeast('edge-partition: requests without an answer', asks.filter(({ problem }) => problem === 'no_answer').length, 10),
        atMost('edge-partition: first answer afterwards', first - healedAt, RECOVERY_MS, 'ms'),
        none('edge-partition: calls without an outcome', unanswered(asks)),
        atMost('edge-partition: effects of one intent', mostEffects(history.requests), 1),
        atMost('edge-partition: requests for one intent', mostRequests(history.requests, 'effect'), 1),
        none('edge-partition: statuses that are not true', contradictions(history)),
        none('edge-partition: invocations without an end, or with two', [...unsettled(history.records), ...changedEnds(asks, history.records)]),
        none('edge-partition: outcomes that are not on record', unrecorded(asks, history.records)),
      ];
    } finally {
      await way.close();
    }
  },
};
