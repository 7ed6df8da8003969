import { setTimeout as wait } from 'node:timers/promises';
import { contradictions, mostEffects, mostRequests, unexpected, unsettled, type History } from '../checker.ts';
import { atLeast, atMost, exactly, none, type Figure } from '../figure.ts';
import { isTerminal, type Ask, type Call } from '../history.ts';
import type { Step } from '../provider/step.ts';
import type { Runner } from '../runners.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FunctionSpec } from '../set-up.ts';
import type { FaultCase } from './fault-case.ts';

const EACH = 8;
const DEADLINE_MS = 2_000;
const LONG_MS = 4_000;
const EVERY_MS = 250;
/** So that what was started works on when its runner is gone. */
const CHECKS = 14;
const BEFORE_MS = 1_500;
const SETTLE_MS = 30_000;
const POLL_MS = 100;
/** What goes on is waited for, at most 20 s (apps/runner/src/outside/running-invocations.ts). */
const EXIT_WITHIN_MS = 22_000;

const working: Step = { answer: { kind: 'json', body: { state: 'working' } } };
const done: Step = { answer: { kind: 'json', body: { state: 'done' } } };
const JOB: Step[] = [...Array.from({ length: CHECKS }, () => working), done];
const LONG: Step[] = [{ delayMs: LONG_MS, answer: { kind: 'json' } }];

/** How a runner goes, and how a read and a write may end that were one long request of it. */
interface Going {
  name: string;
  summary: string;
  go(runner: Runner): Promise<string>;
  ends: Record<'look_long' | 'book_long', string[]>;
}

const GOINGS: Going[] = [
  {
    name: 'pending-killed',
    summary: `kill -9 of a runner with ${4 * EACH} invocations under way that were answered pending`,
    go: (runner) => runner.signal('SIGKILL'),
    ends: { look_long: ['succeeded', 'failed'], book_long: ['succeeded'] },
  },
  {
    name: 'pending-deployed',
    summary: `SIGTERM of a runner with ${4 * EACH} invocations under way that were answered pending`,
    go: (runner) => runner.signal('SIGTERM'),
    ends: { look_long: ['succeeded'], book_long: ['succeeded'] },
  },
];

/** What the edge was told is under way ends, and the edge hears how, whatever becomes of the runner that had it. */
export const PENDING: FaultCase[] = GOINGS.map((going) => ({ name: going.name, summary: going.summary, run: (stage) => run(stage, going) }));

async function run(stage: Stage, { name, go, ends }: Going): Promise<Figure[]> {
  const { provider, platform, random } = stage;
  await using scene = await Scene.open(stage, name, functionsAt(provider.urls.scripted));
  const sessionId = await scene.session();
  const calls = ['look_job', 'book_job', 'look_long', 'book_long'].flatMap((called) =>
    Array.from({ length: EACH }, (_, number) => scene.call(sessionId, called, `${called}_${number}`)),
  );
  await provider.script(Object.fromEntries(calls.map((call) => [call.arguments.tag, call.function.endsWith('job') ? JOB : LONG])));
  const asks = await Promise.all(calls.map((call) => scene.edge.invoke(call, { deadlineMs: DEADLINE_MS })));
  await wait(BEFORE_MS);
  const victim = random.pick(platform.runners);
  const startedAt = performance.now();
  const how = await go(victim);
  const tookMs = performance.now() - startedAt;
  await victim.ready();
  await allTold(scene, asks);
  const history = await scene.history(provider, asks);
  const figures = judge(name, history, { told: scene.edge.told, ends });
  if (name !== 'pending-deployed') return figures;
  return [...figures, none(`${name}: exits with a code other than 0`, how === 'exited with code 0' ? [] : [how]), atMost(`${name}: time to exit`, tookMs, EXIT_WITHIN_MS, 'ms')];
}

function functionsAt(url: string): FunctionSpec[] {
  const poll = { http: { method: 'GET', url: `${url}/jobs/{tag}` }, everyMs: EVERY_MS, maxMs: 60_000, done: 'body.state == "done"' };
  const long = { expectedMs: 20_000, timeoutMs: 20_000 };
  return [
    { name: 'look_job', effect: 'read', url, poll },
    { name: 'book_job', effect: 'write.reversible', url, poll },
    { name: 'look_long', effect: 'read', url, ...long },
    { name: 'book_long', effect: 'write.reversible', url, verified: true, ...long },
  ];
}

/** A write that is verified later is told twice: as unknown, and then as it is. */
async function allTold({ edge }: Scene, asks: Ask[]): Promise<void> {
  const told = ({ outcome }: Ask) => ['succeeded', 'failed'].includes(edge.told.get(outcome?.invocationId ?? '') ?? '');
  for (const endsAt = Date.now() + SETTLE_MS; Date.now() < endsAt && !asks.every(told); ) await wait(POLL_MS);
}

interface Told {
  told: Map<string, string>;
  ends: Going['ends'];
}

function judge(name: string, history: History, { told, ends }: Told): Figure[] {
  const { asks, requests, records } = history;
  const endOf = ({ outcome }: Ask) => told.get(outcome?.invocationId ?? '');
  const wrong = (call: Call, end: string | undefined) => !(ends[call.function as 'look_long'] ?? ['succeeded']).includes(end ?? '');
  const polls = requests.filter(({ kind, tag }) => kind === 'read' && tag.includes('job'));
  return [
    exactly(`${name}: calls`, asks.length, 4 * EACH),
    none(`${name}: calls that were not answered pending`, unexpected(asks, ['pending'])),
    none(`${name}: calls whose end the edge was not told`, asks.filter((ask) => !isTerminal(endOf(ask) ?? '')).map(textOf(endOf))),
    none(`${name}: calls that were told a wrong end`, asks.filter((ask) => wrong(ask.call, endOf(ask))).map(textOf(endOf))),
    none(
      `${name}: ends told that are not those on record`,
      records.filter(({ invocationId, status }) => told.get(invocationId) !== status).map(({ tag, invocationId, status }) => `${tag}: ${told.get(invocationId)}, on record ${status}`),
    ),
    atLeast(`${name}: questions what became of something`, polls.length, CHECKS * EACH),
    atMost(`${name}: effects of one intent`, mostEffects(requests), 1),
    atMost(`${name}: requests for one intent`, mostRequests(requests, 'effect'), 1),
    none(`${name}: statuses that are not true`, contradictions(history)),
    none(`${name}: invocations without an end`, unsettled(records)),
  ];
}

function textOf(endOf: (ask: Ask) => string | undefined): (ask: Ask) => string {
  return (ask) => `${ask.call.arguments.tag} (${ask.outcome?.invocationId}): ${endOf(ask) ?? 'nothing'}`;
}
