import fc from 'fast-check';
import { FUNCTIONS } from './functions.ts';
import { BEHAVIOURS, type Behaviour } from './virtual-provider.ts';

export type Words = 'yes' | 'no' | 'change' | 'um';

/** Where a runner can be hit: between these, every await of the pipeline is a place as well, at whatever time it comes. */
export const POINTS = ['accepted', 'committing', 'committed', 'connecting', 'sent', 'answered', 'stored'] as const;
export type Point = (typeof POINTS)[number];

export interface CallStep {
  do: 'call';
  afterMs: number;
  function: number;
  argument: number;
  key: number | null;
  deadlineMs: number;
  /** The network delivers it twice. */
  twice: boolean;
  /** The edge asks again when it has no answer. */
  resends: boolean;
}

/** A whole exchange: call, read-back aloud, an answer, and the same call again. */
export interface ConverseStep {
  do: 'converse';
  afterMs: number;
  function: number;
  argument: number;
  words: Words;
  /** The agent leaves the sentence out. */
  skipsReadBack: boolean;
}

export interface SayStep {
  do: 'say';
  afterMs: number;
  words: Words;
  /** Spoken before, but reported only now. */
  isLate: boolean;
  /** The caller is faster than the agent: it answers something else. */
  isEarly: boolean;
}

export interface DisturbStep {
  do: 'disturb';
  afterMs: number;
  what: 'kill' | 'stop' | 'cut_off' | 'outage';
  /** The runner that next comes by this point; `any` hits one at once. */
  at: Point | 'any';
  runner: number;
  ms: number;
}

export type Step = CallStep | ConverseStep | SayStep | DisturbStep;

export interface Schedule {
  noise: number;
  steps: Step[];
  /** How long a runner, or all of them, may be without the database. */
  longestOutageMs: number;
  /** What the provider does with its requests, one after the other, then well. */
  weather: Behaviour[];
}

/** One that lasts longer than a promise's time leaves no time to keep it. */
const LONGEST_OUTAGE_MS = 9_000;

const pauses = fc.oneof(
  { weight: 3, arbitrary: fc.nat(60) },
  { weight: 3, arbitrary: fc.nat(2_500) },
  { weight: 2, arbitrary: fc.integer({ min: 5_000, max: 18_000 }) },
);
const functions = fc.nat(FUNCTIONS.length - 1);
const twoOf = fc.nat(1);
const words = fc.constantFrom<Words>('yes', 'yes', 'yes', 'no', 'change', 'um');

const call = fc.record<CallStep>({
  do: fc.constant('call'),
  afterMs: pauses,
  function: functions,
  argument: twoOf,
  key: fc.constantFrom(null, null, null, 0, 1),
  deadlineMs: fc.constantFrom(300, 1_500, 4_000),
  twice: fc.nat(4).map((n) => n === 0),
  resends: fc.boolean(),
});

const converse = fc.record<ConverseStep>({
  do: fc.constant('converse'),
  afterMs: pauses,
  function: functions,
  argument: twoOf,
  words,
  skipsReadBack: fc.nat(5).map((n) => n === 0),
});

const say = fc.record<SayStep>({ do: fc.constant('say'), afterMs: pauses, words, isLate: fc.boolean(), isEarly: fc.boolean() });

const disturb = fc.record<DisturbStep>({
  do: fc.constant('disturb'),
  afterMs: fc.nat(3_000),
  what: fc.constantFrom('kill', 'stop', 'cut_off', 'outage'),
  at: fc.constantFrom<Point | 'any'>('any', ...POINTS),
  runner: fc.nat(2),
  // Often just as long as it takes until others believe that what was under way here has not happened.
  ms: fc.oneof(fc.integer({ min: 200, max: 19_000 }), fc.integer({ min: 10_500, max: 12_500 })),
});

/** One call with everything that can go wrong around it. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  noise: fc.integer(),
  steps: fc.array(
    fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
      { weight: 5, arbitrary: call },
      { weight: 3, arbitrary: converse },
      { weight: 1, arbitrary: say },
      { weight: 4, arbitrary: disturb },
    ),
    { minLength: 2, maxLength: 9 },
  ),
  longestOutageMs: fc.constant(LONGEST_OUTAGE_MS),
  weather: fc.array(fc.constantFrom(...BEHAVIOURS), { maxLength: 8 }),
});

/** Longer than anybody remembers a dead runner: what it has asked for arrives after its last sweep. */
const FORGOTTEN_MS = { min: 47_000, max: 60_000 };

/** A call whose runner is cut off from its database, and dies before it is reached again. */
export const longPartitions: fc.Arbitrary<Schedule> = fc
  .record({ schedule: schedules, call, ms: fc.integer(FORGOTTEN_MS), runner: fc.nat(2) })
  .map(({ schedule, call: only, ms, runner }) => ({
    ...schedule,
    longestOutageMs: FORGOTTEN_MS.max,
    steps: [
      { do: 'disturb', afterMs: 1_000, what: 'cut_off', at: 'accepted', runner, ms },
      { ...only, afterMs: 10 },
      { do: 'disturb', afterMs: 500, what: 'kill', at: 'any', runner, ms: 0 },
    ],
  }));
