import { setTimeout as wait } from 'node:timers/promises';
import { changedEnds, contradictions, mostEffects, mostRequests, unrecorded, unsettled } from '../checker.ts';
import { EdgeProblem } from '../edge.ts';
import { atMost, none, type Figure } from '../figure.ts';
import type { Ask, Call, RecordedInvocation } from '../history.ts';
import type { Step } from '../provider/step.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

/** How far a call has come when the caller speaks up or hangs up. */
interface Phase {
  name: string;
  /** How long after the call, in milliseconds; 0 in the same moment. */
  afterMs: number;
  step: Step;
  at?: 'mute';
  /** How reads may be answered. */
  reads: string[];
  /** How writes may be on record in the end. */
  writes: string[];
}

const DEADLINE_MS = 3_000;
const EACH = 4;
/** A read that is given up leaves at once; the rest is the way of the two messages on a busy machine. */
const GIVEN_UP_WITHIN_MS = 300;
const ANSWER_AFTER_MS = 1_200;
const MIDDLE_MS = 400;
const AGAIN_MS = 20;

const PHASES: Phase[] = [
  {
    name: 'at_once',
    afterMs: 0,
    step: { delayMs: ANSWER_AFTER_MS, answer: { kind: 'json' } },
    reads: ['cancelled', 'rejected'],
    writes: ['cancelled', 'rejected', 'succeeded'],
  },
  {
    name: 'connecting',
    afterMs: MIDDLE_MS,
    step: { answer: { kind: 'silence' } },
    at: 'mute',
    reads: ['cancelled'],
    writes: ['cancelled', 'failed'],
  },
  { name: 'waiting', afterMs: MIDDLE_MS, step: { delayMs: ANSWER_AFTER_MS, answer: { kind: 'json' } }, reads: ['cancelled'], writes: ['succeeded'] },
  { name: 'committed', afterMs: MIDDLE_MS, step: { takesEffect: true, answer: { kind: 'silence' } }, reads: ['cancelled'], writes: ['succeeded'] },
];

type Interrupt = (scene: Scene, sessionId: string, calls: Call[]) => Promise<void>;

export const INTERRUPTIONS: FaultCase[] = [
  {
    name: 'barge-in',
    summary: 'invocation.cancel in the same moment, while connecting, while waiting, and after the effect',
    run: (stage) => run(stage, 'barge-in', cancelAll),
  },
  {
    name: 'hang-up',
    summary: 'session.end in the same moment, while connecting, while waiting, and after the effect',
    run: (stage) => run(stage, 'hang-up', endSession),
  },
];

const cancelAll: Interrupt = async (scene, _sessionId, calls) => {
  await Promise.all(calls.map((call) => cancel(scene, call)));
};

/** A cancel may overtake the call that it is about, when another runner gets it: then it is asked again, as any edge would. */
async function cancel(scene: Scene, { sessionId, toolCallId }: Call): Promise<void> {
  for (const endsAt = Date.now() + GIVEN_UP_WITHIN_MS; ; await wait(AGAIN_MS)) {
    try {
      await scene.edge.request('invocation.cancel', { sessionId, toolCallId, reason: 'barge_in' }, { deadlineMs: DEADLINE_MS });
      return;
    } catch (problem) {
      if (!(problem instanceof EdgeProblem) || problem.code !== 'not_found' || Date.now() > endsAt) throw problem;
    }
  }
}

const endSession: Interrupt = async (scene, sessionId) => {
  await scene.edge.request('session.end', { sessionId, reason: 'caller_hung_up', endedAt: new Date().toISOString() }, { deadlineMs: DEADLINE_MS });
};

async function run(stage: Stage, name: string, interrupt: Interrupt): Promise<Figure[]> {
  const { provider } = stage;
  const functions = PHASES.flatMap((phase) => {
    const url = phase.at === 'mute' ? provider.urls.mute : provider.urls.scripted;
    return [
      { name: `look_${phase.name}`, effect: 'read', url },
      { name: `book_${phase.name}`, effect: 'write.reversible', url, verified: phase.name === 'committed' },
    ];
  });
  await using scene = await Scene.open(stage, name, functions);
  const played = [];
  for (const phase of PHASES) played.push(await playPhase(stage, scene, phase, interrupt));
  const asks = played.flatMap((phase) => phase.asks);
  const history = await scene.history(provider, asks, (records) => PHASES.every((phase) => wrongEnds(phase, records).length === 0));
  const stillOpen = history.requests.filter(({ kind, endedAtMs }) => kind === 'read' && endedAtMs === null);
  const given = played.flatMap((phase) => phase.givenUpMs);
  return [
    none(
      `${name}: requests to interrupt that were refused`,
      played.flatMap(({ refused }) => refused),
    ),
    atMost(`${name}: a read is given up within`, Math.max(...given), GIVEN_UP_WITHIN_MS, 'ms'),
    none(
      `${name}: reads with a wrong status`,
      played.flatMap(({ wrongReads }) => wrongReads),
    ),
    none(
      `${name}: reads still under way at the provider`,
      stillOpen.map(({ tag }) => tag),
    ),
    none(
      `${name}: writes with a wrong end`,
      PHASES.flatMap((phase) => wrongEnds(phase, history.records)),
    ),
    none(`${name}: statuses that are not true`, contradictions(history)),
    atMost(`${name}: effects of one intent`, mostEffects(history.requests), 1),
    atMost(`${name}: requests for one write`, mostRequests(history.requests, 'effect'), 1),
    none(`${name}: invocations without an end, or with two`, [...unsettled(history.records), ...changedEnds(asks, history.records)]),
    none(`${name}: outcomes that are not on record`, unrecorded(asks, history.records)),
  ];
}

async function playPhase({ provider }: Stage, scene: Scene, phase: Phase, interrupt: Interrupt) {
  const sessionId = await scene.session();
  const calls = ['look', 'book'].flatMap((kind) =>
    Array.from({ length: EACH }, (_, number) => scene.call(sessionId, `${kind}_${phase.name}`, `${kind}_${phase.name}_${number}`)),
  );
  await provider.script(Object.fromEntries(calls.map((call) => [call.arguments.tag, [phase.step]])));
  const asking = Promise.all(calls.map((call) => scene.edge.invoke(call, { deadlineMs: DEADLINE_MS })));
  if (phase.afterMs > 0) await wait(phase.afterMs);
  const interruptedAt = Date.now();
  const refused = await interrupt(scene, sessionId, calls).then(
    () => [],
    (error: Error) => [`${phase.name}: ${error.message}`],
  );
  const asks = await asking;
  const reads = asks.filter(({ call }) => call.function.startsWith('look'));
  return {
    asks,
    refused,
    givenUpMs: reads.map(({ endedAtMs }) => endedAtMs - interruptedAt),
    wrongReads: reads.filter((ask) => !phase.reads.includes(ask.outcome?.status ?? '')).map(textOf),
  };
}

function wrongEnds(phase: Phase, records: RecordedInvocation[]): string[] {
  const writes = records.filter(({ function: name }) => name === `book_${phase.name}`);
  // What was cancelled before it was taken on need not be on record.
  return writes.filter(({ status }) => !phase.writes.includes(status)).map(({ tag, status }) => `${tag} is ${status}`);
}

function textOf({ call, outcome, problem }: Ask): string {
  return `${call.toolCallId}: ${outcome ? `${outcome.status} ${outcome.code ?? ''}` : problem}`;
}
