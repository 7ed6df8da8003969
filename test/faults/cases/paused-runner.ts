import { setTimeout as wait } from 'node:timers/promises';
import {
  afterDeadline,
  changedEnds,
  contradictions,
  mostEffects,
  mostRequests,
  unanswered,
  unknownOutside,
  unrecorded,
  unsettled,
} from '../checker.ts';
import { atMost, none, type Figure } from '../figure.ts';
import type { Period } from '../history.ts';
import { SteadyLoad } from '../load.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const PER_SECOND = 20;
const DEADLINE_MS = 2_000;
/** A session may make 60 calls a minute. */
const SESSIONS = 20;
const BEFORE_MS = 1_000;
/** What was asked of it before it went on is worked off. */
const AFTER_MS = 3_000;
const PAUSES = [
  { name: 'runner-blocked', summary: 'a runner does nothing for 2 s (SIGSTOP), with writes under way', forMs: 2_000 },
  { name: 'runner-fenced', summary: 'a runner does nothing for 14 s, longer than its lease, and then goes on', forMs: 14_000 },
];

/** A runner that stands still and goes on later, with requests in its sockets whose callers have given up. */
export const PAUSED_RUNNER: FaultCase[] = PAUSES.map(({ name, summary, forMs }) => ({ name, summary, run: (stage) => run(stage, name, forMs) }));

async function run(stage: Stage, name: string, forMs: number): Promise<Figure[]> {
  const { provider, random } = stage;
  const url = provider.urls.scripted;
  await using scene = await Scene.open(stage, name, [{ name: 'book', effect: 'write.reversible', url }]);
  const sessions = await scene.sessions(SESSIONS);
  await provider.otherwise({ delayMs: 300, answer: { kind: 'json' } });
  let number = 0;
  const load = new SteadyLoad(scene, () => scene.call(random.pick(sessions), 'book', `book_${++number}`), {
    perSecond: PER_SECOND,
    deadlineMs: DEADLINE_MS,
    patienceMs: 300,
  });
  await wait(BEFORE_MS);
  const paused = await pause(stage, forMs);
  await wait(AFTER_MS);
  const asks = await load.stop();
  const history = await scene.history(provider, asks);
  return [
    atMost(`${name}: effects of one intent`, mostEffects(history.requests), 1),
    atMost(`${name}: requests for one intent`, mostRequests(history.requests, 'effect'), 1),
    none(`${name}: requests sent after their deadline`, afterDeadline(asks, history.requests)),
    none(`${name}: statuses that are not true`, contradictions(history)),
    none(`${name}: invocations with two ends`, changedEnds(asks, history.records)),
    none(`${name}: invocations without an end at deadline + 30 s`, unsettled(history.records)),
    none(`${name}: calls without an outcome`, unanswered(asks)),
    none(`${name}: outcomes that are not on record`, unrecorded(asks, history.records)),
    none(`${name}: unknown although not under way meanwhile`, unknownOutside(history, [paused])),
  ];
}

async function pause({ platform, random }: Stage, forMs: number): Promise<Period> {
  const { pid } = random.pick(platform.runners);
  const fromMs = Date.now();
  process.kill(pid, 'SIGSTOP');
  try {
    await wait(forMs);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  return { fromMs, untilMs: Date.now() };
}
