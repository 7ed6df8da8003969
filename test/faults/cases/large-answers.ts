import { mostEffects, mostLateMs, mostRequests, unexpected } from '../checker.ts';
import { atMost, none, type Figure } from '../figure.ts';
import type { Ask } from '../history.ts';
import type { Answer } from '../provider/step.ts';
import { mostGrowth } from '../resident-memory.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FaultCase } from './fault-case.ts';

const MIB = 1024 ** 2;
const PARALLEL = 20;
const MOST_GROWTH_MIB = 20;
const DEADLINE_MS = 3_000;
const LATE_MS = 100;
/** Sockets, buffers and compiled code of so many calls at once are there before anything is measured. */
const WARM_UPS = 10;
const WARM_BODY = 'x'.repeat(256 * 1024);

const ANSWERS: { name: string; summary: string; answer: Answer }[] = [
  { name: 'flood', summary: 'a body of 1 GiB, chunked, to 20 at once', answer: { kind: 'flood', bytes: 1024 * MIB } },
  {
    name: 'gzip-bomb',
    summary: '256 MiB in a quarter of a MiB of gzip, to 20 at once',
    answer: { kind: 'bomb', encoding: 'gzip', decodedBytes: 256 * MIB },
  },
  { name: 'br-bomb', summary: '256 MiB in a little brotli, to 20 at once', answer: { kind: 'bomb', encoding: 'br', decodedBytes: 256 * MIB } },
  { name: 'stacked-bomb', summary: 'gzip inside gzip, to 20 at once', answer: { kind: 'bomb', encoding: 'gzip, gzip', decodedBytes: 256 * MIB } },
];

export const LARGE_ANSWERS: FaultCase[] = ANSWERS.map(({ name, summary, answer }) => ({ name, summary, run: (stage) => run(stage, name, answer) }));

async function run(stage: Stage, name: string, answer: Answer): Promise<Figure[]> {
  const { provider, platform } = stage;
  const url = provider.urls.scripted;
  await using scene = await Scene.open(stage, name, [
    { name: 'look', effect: 'read', url },
    { name: 'book', effect: 'write.reversible', url },
  ]);
  const sessions = await scene.sessions(PARALLEL);
  const callAll = (functions: string[], prefix: string): Promise<Ask[]> =>
    Promise.all(
      Array.from({ length: PARALLEL }, (_, number) =>
        scene.call(sessions[number]!, functions[number % functions.length]!, `${prefix}_${number}`),
      ).map((call) => scene.edge.invoke(call, { deadlineMs: DEADLINE_MS })),
    );
  await provider.otherwise({ answer: { kind: 'json', body: { text: WARM_BODY } } });
  for (let round = 0; round < WARM_UPS; round++) await callAll(['look', 'book'], `warm_${round}`);

  const tags = Array.from({ length: PARALLEL }, (_, number) => `large_${number}`);
  await provider.script(Object.fromEntries(tags.map((tag) => [tag, [{ takesEffect: true, answer }]])));
  let asks: Ask[] = [];
  const growth = await mostGrowth(
    platform.runners.map(({ pid }) => pid),
    async () => {
      asks = await callAll(['look', 'book'], 'large');
    },
  );
  const requests = (await provider.log()).filter(({ tag }) => tag.startsWith('large'));
  const of = (functionName: string) => asks.filter(({ call }) => call.function === functionName);
  return [
    atMost(`${name}: growth of a runner`, growth / MIB, MOST_GROWTH_MIB, 'MiB'),
    atMost(`${name}: answer after its deadline`, mostLateMs(asks), LATE_MS, 'ms'),
    none(`${name}: reads with a wrong status`, unexpected(of('look'), ['failed'])),
    none(`${name}: writes with a wrong status`, unexpected(of('book'), ['unknown'])),
    atMost(`${name}: requests for one write`, mostRequests(requests, 'effect'), 1),
    atMost(`${name}: effects of one intent`, mostEffects(requests), 1),
  ];
}
