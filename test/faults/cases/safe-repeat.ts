import { contradictions, mostEffects, mostKeys, mostRequests, unexpected } from '../checker.ts';
import { atLeast, atMost, exactly, none, type Figure } from '../figure.ts';
import { DONE, type Step } from '../provider/step.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const EACH = 3;
const DEADLINE_MS = 4_000;
/** One request and two repeats. */
const REQUESTS = 3;

/** The first request fails in a way that leaves open whether it happened; a second one with the same key tells. */
const FIRST: Record<string, Step> = {
  reset_undone: { answer: { kind: 'reset', where: 'before' } },
  reset_done: { takesEffect: true, answer: { kind: 'reset', where: 'inside' } },
  busy: { answer: { kind: 'json', status: 503, body: { error: 'busy' } } },
};

export const safeRepeat: FaultCase = {
  name: 'safe-repeat',
  summary: 'writes to a provider that honours idempotency keys, and fails once',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider } = stage;
    const kinds = Object.keys(FIRST);
    const functions = kinds.map((kind) => ({
      name: `book_${kind}`,
      effect: 'write.irreversible',
      url: provider.urls.scripted,
      idempotency: { strategy: 'header', header: 'idempotency-key' },
    }));
    await using scene = await Scene.open(stage, 'safe-repeat', functions);
    const sessionId = await scene.session();
    const calls = kinds.flatMap((kind) => Array.from({ length: EACH }, (_, number) => scene.call(sessionId, `book_${kind}`, `${kind}_${number}`)));
    const steps = (kind: string) => [FIRST[kind]!, DONE].map((step) => ({ ...step, honoursKey: true }));
    await provider.script(Object.fromEntries(calls.map((call) => [call.arguments.tag, steps(call.function.slice('book_'.length))])));
    const asks = await Promise.all(calls.map((call) => scene.edge.invoke(call, { deadlineMs: DEADLINE_MS })));
    const history = await scene.history(provider, asks);
    return [
      none('safe-repeat: calls that did not succeed', unexpected(asks, ['succeeded'])),
      exactly('safe-repeat: keys of one intent', mostKeys(history.requests), 1),
      atMost('safe-repeat: effects of one intent', mostEffects(history.requests), 1),
      atLeast('safe-repeat: requests', history.requests.length, 2 * calls.length),
      atMost('safe-repeat: requests for one intent', mostRequests(history.requests, 'effect'), REQUESTS),
      none('safe-repeat: statuses that are not true', contradictions(history)),
    ];
  },
};
