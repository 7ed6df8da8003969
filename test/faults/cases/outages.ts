import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../../bench/statistics.ts';
import {
  afterDeadline,
  changedEnds,
  contradictions,
  longestGapMs,
  mostEffects,
  mostRequests,
  unanswered,
  unrecorded,
  unsettled,
  type History,
} from '../checker.ts';
import { atLeast, atMost, none, type Figure } from '../figure.ts';
import type { Ask, Period } from '../history.ts';
import { SteadyLoad } from '../load.ts';
import { crashPostgres, killNats } from '../nemesis.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const PER_SECOND = 40;
const DEADLINE_MS = 3_000;
/** A session may make 60 calls a minute. */
const SESSIONS = 32;
const BEFORE_MS = 1_500;
/** As long as a recovery may take, and a little. */
const AFTER_MS = 6_000;
/** Requests that were already on their way when it broke end otherwise than those that come while it is broken. */
const INSIDE_MS = 50;
/** Ended again before it lets anybody in, PostgreSQL is away for about two seconds. */
const CRASHES = 2;
const RECOVERY_MS = 5_000;
const REJECTION_MS = 100;
const NATS_OUTAGE_MS = 2_000;

export const postgresRestart: FaultCase = {
  name: 'postgres-restart',
  summary: 'PostgreSQL ends at once (immediate), for about two seconds, under load',
  async run(stage: Stage): Promise<Figure[]> {
    const { history, outage } = await playOutage(stage, 'postgres-restart', () => crashPostgres(stage.platform, CRASHES));
    const during = asksInside(writesOf(history.asks), { fromMs: outage.fromMs + INSIDE_MS, untilMs: outage.untilMs });
    const rejected = during.filter(({ outcome }) => outcome?.status === 'rejected');
    const rejectedMs = rejected.map(tookMs).toSorted((a, b) => a - b);
    const sent = new Set(history.requests.filter(({ atMs }) => atMs < outage.untilMs).map(({ tag }) => tag));
    const after = writesOf(history.asks).filter(({ sentAtMs, outcome }) => sentAtMs > outage.untilMs && outcome?.status === 'succeeded');
    return [
      ...truths('postgres-restart', history),
      atLeast('postgres-restart: writes asked and answered meanwhile', during.length, 1),
      none('postgres-restart: those that were not rejected', during.filter(({ outcome }) => outcome?.status !== 'rejected').map(textOf)),
      none('postgres-restart: rejected, but sent', rejected.filter(({ call }) => sent.has(call.arguments.tag)).map(textOf)),
      atMost('postgres-restart: rejection, 99th percentile', percentile(rejectedMs, 0.99), REJECTION_MS, 'ms'),
      atMost(
        'postgres-restart: first write that succeeds after it is back',
        Math.min(...after.map(({ endedAtMs }) => endedAtMs)) - outage.untilMs,
        RECOVERY_MS,
        'ms',
      ),
    ];
  },
};

export const natsRestart: FaultCase = {
  name: 'nats-restart',
  summary: 'kill -9 of nats-server under load',
  async run(stage: Stage): Promise<Figure[]> {
    const { history, outage } = await playOutage(stage, 'nats-restart', () => killNats(stage.platform));
    const window = { fromMs: outage.fromMs, untilMs: Math.max(...history.asks.map(({ endedAtMs }) => endedAtMs)) };
    return [
      ...truths('nats-restart', history),
      none('nats-restart: calls without an outcome', unanswered(history.asks)),
      atMost('nats-restart: longest time without any answer', longestGapMs(history.asks, window), NATS_OUTAGE_MS, 'ms'),
    ];
  },
};

async function playOutage(stage: Stage, name: string, breakIt: () => Promise<Period>): Promise<{ history: History; outage: Period }> {
  const { provider, random } = stage;
  const url = provider.urls.scripted;
  await using scene = await Scene.open(stage, name, [
    { name: 'look', effect: 'read', url },
    { name: 'book', effect: 'write.reversible', url },
  ]);
  const sessions = await scene.sessions(SESSIONS);
  await provider.otherwise({ delayMs: 30, answer: { kind: 'json' } });
  let number = 0;
  const next = () => {
    const functionName = random.pick(['look', 'book', 'book']);
    return scene.call(sessions[number % SESSIONS]!, functionName, `${functionName}_${++number}`);
  };
  const load = new SteadyLoad(scene, next, { perSecond: PER_SECOND, deadlineMs: DEADLINE_MS, patienceMs: 300 });
  await wait(BEFORE_MS);
  const outage = await breakIt();
  stage.say(`    away for ${outage.untilMs - outage.fromMs} ms`);
  await wait(AFTER_MS);
  return { history: await scene.history(provider, await load.stop()), outage };
}

/** What holds whatever was away. */
function truths(name: string, history: History): Figure[] {
  return [
    atLeast(`${name}: calls`, new Set(history.asks.map(({ call }) => call.toolCallId)).size, 100),
    none(`${name}: requests sent after their deadline`, afterDeadline(history.asks, history.requests)),
    none(`${name}: statuses that are not true`, contradictions(history)),
    atMost(`${name}: effects of one intent`, mostEffects(history.requests), 1),
    atMost(`${name}: requests for one write`, mostRequests(history.requests, 'effect'), 1),
    none(`${name}: invocations without an end, or with two`, [...unsettled(history.records), ...changedEnds(history.asks, history.records)]),
    none(`${name}: outcomes that are not on record`, unrecorded(history.asks, history.records)),
  ];
}

function writesOf(asks: Ask[]): Ask[] {
  return asks.filter(({ call }) => call.function === 'book');
}

function asksInside(asks: Ask[], { fromMs, untilMs }: Period): Ask[] {
  return asks.filter(({ sentAtMs, endedAtMs, outcome }) => outcome && sentAtMs > fromMs && endedAtMs < untilMs);
}

function tookMs({ sentAtMs, endedAtMs }: Ask): number {
  return endedAtMs - sentAtMs;
}

function textOf({ call, outcome, problem }: Ask): string {
  return `${call.toolCallId}: ${outcome ? `${outcome.status} ${outcome.code ?? ''}` : problem}`;
}
