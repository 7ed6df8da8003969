import { CONCURRENCIES, CONTENDERS, type Concurrency, type ContenderName } from './contenders/contender.ts';
import type { MemoryUse } from './memory.ts';
import type { ProfileShare } from './profile.ts';
import { median, medianOfMeasured, round } from './statistics.ts';

/** One contender measured once at one concurrency. */
export interface Sample {
  contender: ContenderName;
  concurrency: Concurrency;
  round: number;
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
  /** By part of the system; null where CPU time cannot be read. */
  cpuMsPerCallByPart: Record<string, number> | null;
  /** The share of the machine that other programs took meanwhile, 0 to 1. */
  othersShare: number | null;
  /** Of a few calls: how many were looked at, and how many had every span at the sink. Null for a contender without traces. */
  traces: { looked: number; complete: number } | null;
}

/** Who is measured with a slow provider as well. */
export const SLOW_CONTENDERS = ['webhook', 'webhookTraced', 'patchbayRead'] as const satisfies ContenderName[];
export type SlowContenderName = (typeof SLOW_CONTENDERS)[number];

/** Direct calls and a contender's with a slow provider, one after the other. */
export interface SlowSample {
  contender: SlowContenderName;
  addedP50Ms: number;
  addedP99Ms: number;
}

/** Over direct calls of the same provider. */
export interface Added {
  p50Ms: number;
  p99Ms: number;
}

/** A read without a connection and one with it, one after the other. */
export interface CredentialSample {
  addedP50Ms: number;
}

/** Where the runner's processor time goes with the most calls in flight. */
export type Profiles = Partial<Record<ContenderName, ProfileShare[]>>;

/** Everything that a run has measured. */
export interface Measured {
  samples: Sample[];
  slow: SlowSample[];
  credential: CredentialSample[];
  profiles: Profiles;
  memory: MemoryUse | null;
}

export interface Cell {
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
  cpuMsPerCall: number | null;
}
export type Cells = Record<`c${Concurrency}`, Cell>;

/** Patchbay over a webhook: below 1 is less time, above 1 is more throughput. */
export interface Ratios {
  readP50C1: number | null;
  readThroughputC64: number | null;
  readP99C64: number | null;
  writeP50C1: number | null;
}

/** The last line of the output, in this order. What was not measured is null. */
export type BenchResult = Record<ContenderName, Cells | null> & {
  ratios: {
    traced: Ratios;
    bare: Ratios;
    addedP50MsAt150: number | null;
    addedP99MsAt150: number | null;
    addedP50MsByCredential: number | null;
  };
  memory: MemoryUse | null;
  profiles: Profiles;
  /** With a provider that takes 150 ms and 200 calls in flight. */
  addedAt150: Record<SlowContenderName, Added | null>;
};

const SERVICES = [
  'gateway',
  'console',
  'credentials',
  'catalog',
  'agents',
  'calls',
  'runner',
  'workflows',
  'observability',
];

/** Whose CPU time is a contender's. The sink of the spans counts for both who send spans; PostgreSQL is told apart. */
export const COUNTED_PARTS: Record<ContenderName, string[]> = {
  direct: [],
  webhook: ['webhook'],
  webhookTraced: ['webhookTraced', 'observability'],
  patchbayRead: [...SERVICES, 'nats'],
  patchbayWrite: [...SERVICES, 'nats'],
};
export const DATABASE_PART = 'postgres';

export function summarize({ samples, slow, credential, profiles, memory }: Measured): BenchResult {
  const cells = CONTENDERS.map((contender) => [contender, cellsOf(contender, samples)] as const);
  const added = SLOW_CONTENDERS.map((contender) => [contender, addedBy(contender, slow)] as const);
  const addedAt150 = Object.fromEntries(added) as BenchResult['addedAt150'];
  return {
    ...(Object.fromEntries(cells) as Record<ContenderName, Cells | null>),
    ratios: {
      traced: ratiosTo('webhookTraced', samples),
      bare: ratiosTo('webhook', samples),
      addedP50MsAt150: addedAt150.patchbayRead?.p50Ms ?? null,
      addedP99MsAt150: addedAt150.patchbayRead?.p99Ms ?? null,
      addedP50MsByCredential: rounded(medianOfMeasured(credential.map(({ addedP50Ms }) => addedP50Ms))),
    },
    memory: memory && roundedMemory(memory),
    profiles: Object.fromEntries(Object.entries(profiles).map(([name, shares]) => [name, shares.map(roundedShare)])),
    addedAt150,
  };
}

/** CPU time of the counted parts for one call; null where it could not be read, and for the direct call, which has no system. */
export function cpuMsPerCall({ contender, cpuMsPerCallByPart }: Sample): number | null {
  const parts = COUNTED_PARTS[contender];
  if (!cpuMsPerCallByPart || parts.length === 0) return null;
  return parts.reduce((sumMs, part) => sumMs + (cpuMsPerCallByPart[part] ?? 0), 0);
}

export function samplesOf(samples: Sample[], contender: ContenderName, concurrency: Concurrency): Sample[] {
  return samples.filter((sample) => sample.contender === contender && sample.concurrency === concurrency);
}

function cellsOf(contender: ContenderName, samples: Sample[]): Cells | null {
  const cells = CONCURRENCIES.map(
    (concurrency) => [`c${concurrency}`, cellOf(samplesOf(samples, contender, concurrency))] as const,
  );
  return cells.every(([, cell]) => cell !== null) ? (Object.fromEntries(cells) as Cells) : null;
}

function cellOf(samples: Sample[]): Cell | null {
  if (samples.length === 0) return null;
  return {
    p50Ms: round(median(samples.map(({ p50Ms }) => p50Ms))),
    p99Ms: round(median(samples.map(({ p99Ms }) => p99Ms))),
    perSecond: round(median(samples.map(({ perSecond }) => perSecond)), 1),
    cpuMsPerCall: rounded(medianOfMeasured(samples.map(cpuMsPerCall))),
  };
}

function ratiosTo(webhook: 'webhook' | 'webhookTraced', samples: Sample[]): Ratios {
  const ratio = (contender: ContenderName, concurrency: Concurrency, figure: 'p50Ms' | 'p99Ms' | 'perSecond') =>
    rounded(medianRatio(samplesOf(samples, contender, concurrency), samplesOf(samples, webhook, concurrency), figure));
  return {
    readP50C1: ratio('patchbayRead', 1, 'p50Ms'),
    readThroughputC64: ratio('patchbayRead', 64, 'perSecond'),
    readP99C64: ratio('patchbayRead', 64, 'p99Ms'),
    writeP50C1: ratio('patchbayWrite', 1, 'p50Ms'),
  };
}

function addedBy(contender: SlowContenderName, slow: SlowSample[]): Added | null {
  const samples = slow.filter((sample) => sample.contender === contender);
  if (samples.length === 0) return null;
  const [p50Ms, p99Ms] = [samples.map(({ addedP50Ms }) => addedP50Ms), samples.map(({ addedP99Ms }) => addedP99Ms)];
  return { p50Ms: round(median(p50Ms)), p99Ms: round(median(p99Ms)) };
}

/** Round by round, because the machine is another one from minute to minute: what ran side by side is compared. */
function medianRatio(ours: Sample[], theirs: Sample[], figure: 'p50Ms' | 'p99Ms' | 'perSecond'): number | null {
  const theirsByRound = new Map(theirs.map((sample) => [sample.round, sample]));
  return medianOfMeasured(
    ours.map((sample) => {
      const other = theirsByRound.get(sample.round);
      return other ? sample[figure] / other[figure] : null;
    }),
  );
}

function roundedShare({ area, share }: ProfileShare): ProfileShare {
  return { area, share: round(share) };
}

function roundedMemory({ calls, residentFirstMb, residentLastMb, heldBytesPerCall }: MemoryUse): MemoryUse {
  return {
    calls,
    residentFirstMb: rounded(residentFirstMb),
    residentLastMb: rounded(residentLastMb),
    heldBytesPerCall: round(heldBytesPerCall),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : round(value);
}
