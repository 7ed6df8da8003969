import { changedEnds, contradictions, mostEffects, mostLateMs, mostRequests, unexpected, unsettled, untold } from '../checker.ts';
import { atMost, none, type Figure } from '../figure.ts';
import type { RecordedInvocation } from '../history.ts';
import type { Step } from '../provider/step.ts';
import { Scene, type Stage } from '../scene.ts';
import type { FunctionSpec } from '../set-up.ts';
import type { FaultCase } from './fault-case.ts';

interface ProviderFault {
  name: string;
  summary: string;
  /** What every request meets, the first one and the second. */
  steps: Step[];
  /** How reads may end; the provider may be asked three times for one. */
  reads: string[];
  /** How writes may end that nobody can ask about. */
  writes: string[];
  /** How writes may be on record in the end that the platform can ask the provider about. */
  verified: string[];
  rules?: Pick<FunctionSpec, 'response'>;
  deadlineMs?: number;
  /** Where it resets connections instead of answering. */
  at?: 'refusing';
}

/** The promise: an answer by the deadline + 100 ms. */
const LATE_MS = 100;
const DEADLINE_MS = 1_500;
/** All at once, so that no breaker has had time to open: it is another case's subject. */
const EACH = 6;
/** One request and two repeats. */
const READ_REQUESTS = 3;

const SILENCE: Step = { answer: { kind: 'silence' } };

const FAULTS: ProviderFault[] = [
  {
    name: 'provider-slow',
    summary: 'answers after 5 s, with 1.5 s to go',
    steps: [{ delayMs: 5_000, takesEffect: true, answer: { kind: 'json' } }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['succeeded'],
  },
  {
    name: 'provider-silent',
    summary: 'takes the request and never answers',
    steps: [SILENCE],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['failed', 'succeeded'],
  },
  {
    name: 'provider-commits-then-hangs',
    summary: 'does it, and never says so',
    steps: [{ ...SILENCE, takesEffect: true }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['succeeded'],
  },
  {
    name: 'reset-before-answer',
    summary: 'resets the connection instead of an answer',
    steps: [{ answer: { kind: 'reset', where: 'before' } }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['failed'],
  },
  {
    name: 'reset-inside-answer',
    summary: 'does it, and resets in the middle of the body',
    steps: [{ takesEffect: true, answer: { kind: 'reset', where: 'inside' } }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['succeeded'],
  },
  {
    name: 'reset-after-answer',
    summary: 'does it, answers, and resets behind the last byte',
    steps: [{ takesEffect: true, answer: { kind: 'reset', where: 'after' } }],
    reads: ['succeeded'],
    writes: ['succeeded'],
    verified: ['succeeded'],
  },
  {
    name: 'reset-at-connect',
    summary: 'resets every connection before it has read anything',
    steps: [],
    reads: ['failed'],
    writes: ['failed', 'unknown'],
    verified: ['failed', 'unknown'],
    at: 'refusing',
  },
  {
    name: 'provider-5xx',
    summary: 'answers 503 and does nothing',
    steps: [{ answer: { kind: 'json', status: 503, body: { error: 'busy' } } }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['failed'],
  },
  {
    name: 'provider-5xx-after-effect',
    summary: 'does it, and answers 500',
    steps: [{ takesEffect: true, answer: { kind: 'json', status: 500, body: { error: 'oops' } } }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['succeeded'],
  },
  {
    name: 'error-in-200',
    summary: 'answers 200 with an error that the action declares',
    steps: [{ takesEffect: false, answer: { kind: 'json', body: { ok: false, error: 'no such slot' } } }],
    reads: ['failed'],
    writes: ['failed'],
    verified: ['failed'],
    rules: { response: { errors: [{ when: 'body.ok == false', code: 'provider_rejected', message: 'There is no such slot.' }] } },
  },
  {
    name: 'not-json',
    summary: 'does it, and answers HTML that is called JSON',
    steps: [{ takesEffect: true, answer: { kind: 'html' } }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['succeeded'],
  },
  {
    name: 'drip',
    summary: 'does it, and answers one byte every 100 ms',
    steps: [{ takesEffect: true, answer: { kind: 'drip', everyMs: 100 } }],
    reads: ['failed'],
    writes: ['unknown'],
    verified: ['succeeded'],
  },
];

/** Reads, writes, and writes that can be asked about, at a provider that behaves badly in one way. */
export const PROVIDER_FAULTS: FaultCase[] = FAULTS.map((fault) => ({
  name: fault.name,
  summary: fault.summary,
  run: (stage) => run(stage, fault),
}));

async function run(stage: Stage, fault: ProviderFault): Promise<Figure[]> {
  const { provider } = stage;
  const url = fault.at === 'refusing' ? provider.urls.refusing : provider.urls.scripted;
  const specs = [
    { name: 'look', effect: 'read' },
    { name: 'book', effect: 'write.reversible' },
    { name: 'book_verified', effect: 'write.reversible', verified: true },
  ];
  await using scene = await Scene.open(
    stage,
    fault.name,
    specs.map((spec) => ({ ...spec, ...fault.rules, url })),
  );
  const [sessionId] = await scene.sessions(1);
  const calls = specs.flatMap(({ name }) => Array.from({ length: EACH }, (_, number) => scene.call(sessionId!, name, `${name}_${number}`)));
  if (fault.steps.length > 0) await provider.script(Object.fromEntries(calls.map((call) => [call.arguments.tag, fault.steps])));

  const asks = await Promise.all(calls.map((call) => scene.edge.invoke(call, { deadlineMs: fault.deadlineMs ?? DEADLINE_MS })));
  const history = await scene.history(provider, asks, (records) =>
    records.every(({ function: name, status }) => name !== 'book_verified' || status !== 'unknown' || fault.verified.includes('unknown')),
  );
  const of = (name: string) => asks.filter(({ call }) => call.function === name);
  const plain = history.requests.filter(({ tag }) => !tag.startsWith('book_verified'));
  const figure = (text: string) => `${fault.name}: ${text}`;
  return [
    atMost(figure('answer after its deadline'), mostLateMs(asks), LATE_MS, 'ms'),
    none(figure('reads with a wrong status'), unexpected(of('look'), fault.reads)),
    none(figure('writes with a wrong status'), unexpected(of('book'), fault.writes)),
    none(figure('verified writes with a wrong end'), wrongEnds(history.records, fault.verified)),
    none(figure('ends that the edge was not told'), untold(asks, history.records, scene.edge.told)),
    atMost(figure('requests for one read'), mostRequests(history.requests, 'read'), READ_REQUESTS),
    atMost(figure('requests for one write'), mostRequests(plain, 'effect'), 1),
    atMost(figure('effects of one intent'), mostEffects(history.requests), 1),
    none(figure('statuses that are not true'), contradictions(history)),
    none(figure('invocations without an end, or with two'), [...unsettled(history.records), ...changedEnds(asks, history.records)]),
  ];
}

function wrongEnds(records: RecordedInvocation[], expected: string[]): string[] {
  const verified = records.filter(({ function: name }) => name === 'book_verified');
  if (verified.length < EACH) return [`${verified.length} of ${EACH} are on record`];
  return verified.filter(({ status }) => !expected.includes(status)).map(({ tag, status, code }) => `${tag} is ${status} ${code ?? ''}`);
}
