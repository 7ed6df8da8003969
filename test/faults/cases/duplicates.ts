import { mostEffects, mostRequests, unexpected } from '../checker.ts';
import { canonicalJson } from '../../replay/canonical-json.ts';
import { atMost, exactly, none, type Figure } from '../figure.ts';
import type { Ask, Call } from '../history.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const INTENTS = 30;
const DEADLINE_MS = 5_000;
const PARALLEL = 50;
/** Long enough for all of them to arrive while the first is under way. */
const PROVIDER_MS = 200;

/** The same message three times at once and once later, calls before their turn, and a call after the end of the session. */
export const duplicateDeliveries: FaultCase = {
  name: 'duplicate-deliveries',
  summary: 'every invoke arrives four times, turns arrive late and out of order',
  async run(stage: Stage): Promise<Figure[]> {
    const { provider, random } = stage;
    await using scene = await Scene.open(stage, 'duplicate-deliveries', [{ name: 'book', effect: 'write.reversible', url: provider.urls.scripted }]);
    const sessions = await scene.sessions(2);
    await provider.otherwise({ delayMs: 20, answer: { kind: 'json' } });
    const invoke = (call: Call) => scene.edge.invoke(call, { deadlineMs: DEADLINE_MS });
    const differing: string[] = [];
    const asks: Ask[] = [];
    for (let number = 0; number < INTENTS; number++) {
      const call = scene.call(random.pick(sessions), 'book', `intent_${number}`);
      const same = await Promise.all([invoke(call), invoke(call), invoke(call)]);
      await turnsOutOfOrder(scene, call);
      same.push(await invoke(call));
      const first = same[0]!.outcome;
      const stored = await scene.edge.get(call, first?.invocationId ?? '');
      const seen = new Set([...same, stored].map(({ outcome }) => canonicalJson([outcome?.status, outcome?.result])));
      if (seen.size > 1) differing.push(`${call.arguments.tag}: ${[...seen].join(' | ')}`);
      asks.push(...same);
    }
    await scene.edge.ask('session.end', { sessionId: sessions[0], reason: 'caller_hung_up', endedAt: new Date().toISOString() });
    const late = await invoke(scene.call(sessions[0]!, 'book', 'late'));
    const requests = await provider.log();
    return [
      atMost('duplicate-deliveries: effects of one intent', mostEffects(requests), 1),
      atMost('duplicate-deliveries: requests for one intent', mostRequests(requests, 'effect'), 1),
      exactly('duplicate-deliveries: intents with an effect', new Set(requests.map(({ tag }) => tag)).size, INTENTS),
      none('duplicate-deliveries: calls that did not succeed', unexpected(asks, ['succeeded'])),
      none('duplicate-deliveries: answers that differ from the stored one', differing),
      none('duplicate-deliveries: accepted after the end of the session', unexpected([late], ['rejected'])),
    ];
  },
};

async function turnsOutOfOrder(scene: Scene, { sessionId, turnId }: Call): Promise<void> {
  const at = new Date().toISOString();
  const body = { sessionId, role: 'caller', text: 'Book it.', startedAt: at, endedAt: at };
  await scene.edge.ask('turn', { ...body, turnId: `${turnId}_next`, index: 2 });
  await scene.edge.ask('turn', { ...body, turnId, index: 1 });
}

export const parallelEqual: FaultCase = {
  name: 'parallel-equal',
  summary: `${PARALLEL} equal requests at once, with and without an idempotency key, and ${PARALLEL} different ones under one key`,
  async run(stage: Stage): Promise<Figure[]> {
    const { provider } = stage;
    await using scene = await Scene.open(stage, 'parallel-equal', [{ name: 'book', effect: 'write.reversible', url: provider.urls.scripted }]);
    const sessionId = await scene.session();
    await provider.otherwise({ delayMs: PROVIDER_MS, answer: { kind: 'json' } });
    const all = (callOf: (number: number) => Call) =>
      Promise.all(Array.from({ length: PARALLEL }, (_, number) => scene.edge.invoke(callOf(number), { deadlineMs: DEADLINE_MS })));
    const equal = scene.call(sessionId, 'book', 'equal');
    const keyed = { ...scene.call(sessionId, 'book', 'keyed'), idempotencyKey: 'key-1' };
    const plainAsks = await all(() => equal);
    const keyedAsks = await all(() => keyed);
    const differentAsks = await all((number) => ({ ...scene.call(sessionId, 'book', `different_${number}`), idempotencyKey: 'key-2' }));
    const requests = await provider.log();
    const executions = (prefix: string) => requests.filter(({ tag }) => tag.startsWith(prefix)).length;
    const answers = (asks: Ask[]) => new Set(asks.map(({ outcome, problem }) => canonicalJson([outcome?.status ?? problem, outcome?.result]))).size;
    const conflicts = differentAsks.filter(({ outcome }) => outcome?.status === 'rejected' && outcome.code === 'duplicate_conflict').length;
    return [
      exactly('parallel-equal: executions', executions('equal'), 1),
      none('parallel-equal: answers that are no success', unexpected(plainAsks, ['succeeded'])),
      exactly('parallel-equal: different answers', answers(plainAsks), 1),
      exactly('parallel-equal: executions under one key', executions('keyed'), 1),
      none('parallel-equal: answers under one key that are no success', unexpected(keyedAsks, ['succeeded'])),
      exactly('parallel-equal: different answers under one key', answers(keyedAsks), 1),
      exactly('parallel-equal: executions of different requests under one key', executions('different'), 1),
      exactly('parallel-equal: refused as duplicate_conflict', conflicts, PARALLEL - 1),
    ];
  },
};
