import { mostLateMs, mostRequests, unexpected } from '../checker.ts';
import { atLeast, atMost, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import type { ProviderRequest } from '../provider/request.ts';
import type { Step } from '../provider/step.ts';
import { DONE } from '../provider/step.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

/** The budget for repeats has room for so many at a provider without other traffic. */
const EACH = 3;
const DEADLINE_MS = 4_000;
const LATE_MS = 100;
/** Nothing to wait for: a call that cannot go well in its time is answered at once. */
const FAST_MS = 500;
const RETRY_AFTER_S = 1;
const HOUR_S = 3_600;

/** A provider that asks to slow down: for a second, for an hour, and without saying for how long. */
export const throttled: FaultCase = {
  name: 'throttled',
  summary: '429 with Retry-After inside and beyond the deadline, and without it',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider } = stage;
    const url = provider.urls.scripted;
    const functions = ['soon', 'late', 'silent'].flatMap((name) => [
      { name: `look_${name}`, effect: 'read', url },
      { name: `book_${name}`, effect: 'write.reversible', url },
    ]);
    await using scene = await Scene.open(stage, 'throttled', functions);
    const [sessionId] = await scene.sessions(1);
    const ask = async (name: string, steps: Step[]): Promise<Ask[]> => {
      const calls = Array.from({ length: EACH }, (_, number) => scene.call(sessionId!, name, `${name}_${number}`));
      await provider.script(Object.fromEntries(calls.map((call) => [call.arguments.tag, steps])));
      return Promise.all(calls.map((call) => scene.edge.invoke(call, { deadlineMs: DEADLINE_MS })));
    };
    const soon = [refusal(RETRY_AFTER_S), DONE];
    const [lookSoon, bookSoon, lookLate, bookLate, lookSilent, bookSilent] = [
      await ask('look_soon', soon),
      await ask('book_soon', soon),
      await ask('look_late', [refusal(HOUR_S)]),
      await ask('book_late', [refusal(HOUR_S)]),
      await ask('look_silent', [refusal()]),
      await ask('book_silent', [refusal()]),
    ];
    const requests = await provider.log();
    const all = [lookSoon, bookSoon, lookLate, bookLate, lookSilent, bookSilent].flat();
    return [
      none('throttled: reads that did not wait the second out', unexpected(lookSoon, ['succeeded'])),
      atLeast('throttled: shortest pause before a repeat', shortestPauseMs(requests, 'look_soon'), RETRY_AFTER_S * 1000, 'ms'),
      none('throttled: writes with a wrong status', unexpected([...bookSoon, ...bookLate, ...bookSilent], ['failed'])),
      none('throttled: reads beyond the deadline with a wrong status', unexpected(lookLate, ['failed'])),
      none('throttled: reads without a header with a wrong status', unexpected(lookSilent, ['failed'])),
      atMost('throttled: answer where waiting is in vain', Math.max(...[...lookLate, ...bookLate].map(tookMs)), FAST_MS, 'ms'),
      none(
        'throttled: answers that hide Retry-After',
        [...lookLate, ...bookLate].filter(({ outcome }) => outcome?.retryAfterMs !== HOUR_S * 1000).map(textOf),
      ),
      atMost(
        'throttled: requests for one read where waiting is in vain',
        mostRequests(
          requests.filter(({ tag }) => tag.startsWith('look_late')),
          'read',
        ),
        1,
      ),
      atMost('throttled: requests for one write', mostRequests(requests, 'effect'), 1),
      atMost('throttled: answer after its deadline', mostLateMs(all), LATE_MS, 'ms'),
    ];
  },
};

function refusal(retryAfterSeconds?: number): Step {
  const headers: Record<string, string> = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { answer: { kind: 'json', status: 429, body: { error: 'slow down' }, headers } };
}

/** NaN when nothing was repeated. */
function shortestPauseMs(requests: ProviderRequest[], prefix: string): number {
  const byTag = Map.groupBy(
    requests.filter(({ tag }) => tag.startsWith(prefix)),
    ({ tag }) => tag,
  );
  const pauses = [...byTag.values()].flatMap((same) => same.slice(1).map(({ atMs }, index) => atMs - same[index]!.atMs));
  return pauses.length === 0 ? Number.NaN : Math.min(...pauses);
}

function tookMs({ sentAtMs, endedAtMs }: Ask): number {
  return endedAtMs - sentAtMs;
}

function textOf({ call, outcome, problem }: Ask): string {
  return `${call.toolCallId}: ${outcome ? `${outcome.status} ${outcome.code} ${outcome.retryAfterMs}` : problem}`;
}
