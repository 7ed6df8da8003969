import { setTimeout as wait } from 'node:timers/promises';
import {
  changedEnds,
  contradictions,
  mostEffects,
  mostRequests,
  unanswered,
  unknownOutside,
  unrecorded,
  unsettled,
  unverified,
  type History,
} from '../checker.ts';
import { atLeast, atMost, exactly, none, type Figure } from '../figure.ts';
import type { Ask, Period } from '../history.ts';
import { callInLanes } from '../load.ts';
import type { Runner } from '../runners.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const ROUNDS = 5;
const WRITES = 200;
const LANES = 16;
const DEADLINE_MS = 2_000;
/** Short, so that what was lost with a runner is asked again soon. */
const PATIENCE_MS = 300;
/** Long enough for most calls of the killed runner to be between sent and answered. */
const PROVIDER_DELAYS_MS = [20, 60, 120, 200];

/** A runner is killed in the middle of writes, five times with other timings; the edge repeats whatever got no answer. */
export const killRunner: FaultCase = {
  name: 'kill-runner',
  summary: `kill -9 of a runner while writes are under way, ${ROUNDS} times ${WRITES} writes`,
  async run(stage: Stage): Promise<Figure[]> {
    const { provider } = stage;
    const url = provider.urls.scripted;
    await using scene = await Scene.open(stage, 'kill-runner', [
      { name: 'book', effect: 'write.reversible', url },
      { name: 'book_verified', effect: 'write.reversible', url, verified: true },
    ]);
    const asks: Ask[] = [];
    const kills: Period[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const played = await playRound(stage, scene, round);
      asks.push(...played.asks);
      kills.push(played.kill);
      stage.say(`    round ${round}/${ROUNDS}: ${played.asks.length} requests for ${WRITES} writes`);
    }
    const history = await scene.history(provider, asks, (records) => unverified(records, 'book_verified').length === 0);
    return judge(history, kills);
  },
};

async function playRound({ provider, platform, random }: Stage, scene: Scene, round: number): Promise<{ asks: Ask[]; kill: Period }> {
  const sessions = await scene.sessions(LANES);
  const calls = Array.from({ length: WRITES }, (_, number) =>
    scene.call(sessions[number % LANES]!, number % 2 ? 'book_verified' : 'book', `${round}_${number}`),
  );
  await provider.script(
    Object.fromEntries(calls.map((call) => [call.arguments.tag, [{ delayMs: random.pick(PROVIDER_DELAYS_MS), answer: { kind: 'json' } }]])),
  );
  const victim = random.pick(platform.runners);
  const killing = killAfter(victim, random.between(100, 900));
  const asks = await callInLanes(scene, calls, LANES, { deadlineMs: DEADLINE_MS, patienceMs: PATIENCE_MS });
  const kill = await killing;
  await victim.ready();
  return { asks, kill };
}

async function killAfter(victim: Runner, delayMs: number): Promise<Period> {
  await wait(delayMs);
  const fromMs = Date.now();
  await victim.signal('SIGKILL');
  return { fromMs, untilMs: Date.now() };
}

function judge(history: History, kills: Period[]): Figure[] {
  const { asks, requests, records } = history;
  const plain = requests.filter(({ tag }) => Number(tag.split('_')[1]) % 2 === 0);
  const cutOff = new Set(asks.filter(({ problem }) => problem).map(({ call }) => call.toolCallId)).size;
  return [
    exactly('kill-runner: intents', new Set(asks.map(({ call }) => call.arguments.tag)).size, ROUNDS * WRITES),
    atLeast('kill-runner: calls that lost their answer and were repeated', cutOff, 1),
    atMost('kill-runner: effects of one intent', mostEffects(requests), 1),
    atMost('kill-runner: requests for one intent that nobody can ask about', mostRequests(plain, 'effect'), 1),
    none('kill-runner: statuses that are not true', contradictions(history)),
    none('kill-runner: calls without an outcome', unanswered(asks)),
    none('kill-runner: invocations without an end at deadline + 30 s', unsettled(records)),
    none('kill-runner: invocations with two ends', changedEnds(asks, records)),
    none('kill-runner: outcomes that are not on record', unrecorded(asks, records)),
    none('kill-runner: unknown although not under way at a kill', unknownOutside(history, kills)),
    none('kill-runner: unknown although the provider can be asked', unverified(records, 'book_verified')),
  ];
}
