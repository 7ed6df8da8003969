import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../../bench/statistics.ts';
import { unexpected } from '../checker.ts';
import { atLeast, atMost, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const DEADLINE_MS = 3_000;
const EVERY_MS = 50;
const MOST_CALLS = 60;
const OPEN_WITHIN_CALLS = 20;
const OPEN_WITHIN_MS = 2_000;
/** At the edge, with the way there and back. */
const OPEN_ANSWER_MS = 5;
const OPEN_CALLS = 40;
const CLOSED_WITHIN_MS = 10_000;
/** A session may make 60 calls a minute. */
const SESSIONS = 4;
const GIVE_UP_MS = 20_000;
const PROBE_EVERY_MS = 250;

export const breaker: FaultCase = {
  name: 'breaker',
  summary: 'a provider that answers nothing but 503, and then recovers',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider } = stage;
    const url = provider.urls.scripted;
    await using scene = await Scene.open(stage, 'breaker', [
      { name: 'look', effect: 'read', url },
      { name: 'look_elsewhere', effect: 'read', url: provider.urls.scripted },
    ]);
    const sessions = await scene.sessions(SESSIONS);
    let number = 0;
    const ask = (name = 'look') =>
      scene.edge.invoke(scene.call(sessions[number % SESSIONS]!, name, `${name}_${++number}`), { deadlineMs: DEADLINE_MS });
    await provider.otherwise({ answer: { kind: 'json', status: 503, body: { error: 'busy' } } });
    const opening = await untilOpen(ask);
    const whileOpen: Ask[] = [];
    for (let call = 0; call < OPEN_CALLS; call++) whileOpen.push(await ask());
    const recoveredAt = Date.now();
    await provider.otherwise(null);
    const elsewhere = await ask('look_elsewhere');
    // What never opened cannot close.
    const closedAt = openAnswersMs(whileOpen).length > 0 ? await untilSucceeded(ask) : Number.NaN;
    const answersMs = openAnswersMs(whileOpen);
    return [
      // Either is enough: few calls take longer than two seconds to be twenty.
      atMost(
        'breaker: calls until it opens, unless within 2 s',
        opening.tookMs <= OPEN_WITHIN_MS ? Math.min(opening.calls, OPEN_WITHIN_CALLS) : opening.calls,
        OPEN_WITHIN_CALLS,
      ),
      atLeast('breaker: calls refused while open', answersMs.length, OPEN_CALLS / 2),
      atMost(
        'breaker: answer while open, median',
        percentile(
          answersMs.toSorted((a, b) => a - b),
          0.5,
        ),
        OPEN_ANSWER_MS,
        'ms',
      ),
      none('breaker: calls to another account that were refused', unexpected([elsewhere], ['succeeded'])),
      atMost('breaker: time to close after recovery', closedAt - recoveredAt, CLOSED_WITHIN_MS, 'ms'),
    ];
  },
};

function isOpen({ outcome }: Ask): boolean {
  return outcome?.status === 'rejected' && outcome.code === 'breaker_open';
}

function openAnswersMs(asks: Ask[]): number[] {
  return asks.filter(isOpen).map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs);
}

/** Infinitely many calls when it never opens. */
async function untilOpen(ask: () => Promise<Ask>): Promise<{ calls: number; tookMs: number }> {
  const startedAt = performance.now();
  for (let calls = 0; calls < MOST_CALLS; calls++) {
    if (isOpen(await ask())) return { calls, tookMs: performance.now() - startedAt };
    await wait(EVERY_MS);
  }
  return { calls: Infinity, tookMs: Infinity };
}

async function untilSucceeded(ask: () => Promise<Ask>): Promise<number> {
  for (const endsAt = Date.now() + GIVE_UP_MS; Date.now() < endsAt; await wait(PROBE_EVERY_MS)) {
    if ((await ask()).outcome?.status === 'succeeded') return Date.now();
  }
  return Infinity;
}
