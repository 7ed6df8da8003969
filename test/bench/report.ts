import { CONCURRENCIES, CONTENDERS, type Concurrency, type ContenderName } from './contenders/contender.ts';
import type { MemoryUse } from './memory.ts';
import { COUNTED_PARTS, DATABASE_PART, samplesOf, SLOW_CONTENDERS, type BenchResult, type Profiles, type Ratios, type Sample } from './results.ts';
import { median, medianOfMeasured } from './statistics.ts';

/** What a reader must know of the machine to read the figures. */
export interface Circumstances {
  cpus: number;
  node: string;
  rounds: number;
  seconds: number;
}

interface Aim {
  what: string;
  figure: number | null;
  bound: number;
  atLeast?: boolean;
  unit: '×' | 'ms' | 'B';
}

/** Of the machine, to other programs. More of it moves a tail latency further than any change to the code does. */
const TOLERABLE_SHARE = 0.1;

const LABELS: Record<ContenderName, string> = {
  direct: 'direct',
  webhook: 'webhook',
  webhookTraced: 'webhook, traced',
  patchbayRead: 'Patchbay, read',
  patchbayWrite: 'Patchbay, write',
};

/** For people, above the line of JSON. */
export function reportText(result: BenchResult, samples: Sample[], circumstances: Circumstances): string {
  const parts = [
    circumstancesText(samples, circumstances),
    ...CONCURRENCIES.map((concurrency) => tableText(result, samples, concurrency)),
    CPU_TEXT,
    partsText('read', samplesOf(samples, 'patchbayRead', 64)),
    partsText('write', samplesOf(samples, 'patchbayWrite', 64)),
    profilesText(result.profiles),
    memoryText(result.memory),
    slowText(result),
    tracesText(samples),
    aimsText(aimsOf(result)),
    standText(result),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const CPU_TEXT = `CPU is processor time for one call, in milliseconds, user and system, until what was put off is done as well.
Counted: for the webhook its process, for the traced one the sink of its spans too (Patchbay's observability service),
for Patchbay all nine services and nats-server. The load generator and the provider are never counted.`;

function circumstancesText(samples: Sample[], { cpus, node, rounds, seconds }: Circumstances): string {
  const lines = [
    `Medians of ${rounds} rounds of ${seconds} s; everything, load generator and provider too, on one machine with ${cpus} processors, Node ${node}.`,
  ];
  const shares = samples.flatMap(({ othersShare }) => othersShare ?? []);
  if (shares.length > 0)
    lines.push(
      `Other programs took ${percent(median(shares))} of it meanwhile, ${percent(Math.max(...shares))} at worst.`,
    );
  if (median(shares) > TOLERABLE_SHARE)
    lines.push('That is a busy machine: take the figures for a sketch, and run again when it is idle.');
  return lines.join('\n');
}

function tableText(result: BenchResult, samples: Sample[], concurrency: Concurrency): string {
  const head = row([`${concurrency} in flight`, 'p50 ms', 'p99 ms', 'calls/s', 'CPU', '+ PostgreSQL']);
  const rows = CONTENDERS.map((contender) => {
    const cell = result[contender]?.[`c${concurrency}`];
    if (!cell) return row([`  ${LABELS[contender]}`, 'not measured']);
    const database = medianOfMeasured(
      samplesOf(samples, contender, concurrency).map(
        ({ cpuMsPerCallByPart }) => cpuMsPerCallByPart?.[DATABASE_PART] ?? null,
      ),
    );
    const withDatabase = cell.cpuMsPerCall === null || database === null ? null : cell.cpuMsPerCall + database;
    const figures = [cell.p50Ms, cell.p99Ms].map((ms) => ms.toFixed(2));
    return row([
      `  ${LABELS[contender]}`,
      ...figures,
      cell.perSecond.toFixed(0),
      figureText(cell.cpuMsPerCall),
      figureText(withDatabase),
    ]);
  });
  return [head, ...rows].join('\n');
}

function row([name = '', ...figures]: string[]): string {
  return name.padEnd(20) + figures.map((figure) => figure.padStart(13)).join('');
}

/** Where Patchbay's processor time goes, in the order of its size. */
function partsText(what: string, samples: Sample[]): string {
  const readings = samples.flatMap(({ cpuMsPerCallByPart }) => (cpuMsPerCallByPart ? [cpuMsPerCallByPart] : []));
  if (readings.length === 0) return '';
  const parts = [...COUNTED_PARTS.patchbayRead, DATABASE_PART]
    .map((part) => [part, median(readings.map((byPart) => byPart[part] ?? 0))] as const)
    .toSorted(([, a], [, b]) => b - a)
    .filter(([, ms]) => ms >= 0.005);
  return `A Patchbay ${what} with 64 in flight: ${parts.map(([part, ms]) => `${part} ${ms.toFixed(2)}`).join(', ')} (ms of CPU).`;
}

/** Below it an area is one of many. */
const SMALLEST_SHARE = 0.01;

function profilesText(profiles: Profiles): string {
  const texts = Object.entries(profiles).map(([name, shares]) => {
    const told = shares.filter(({ share }) => share >= SMALLEST_SHARE);
    const parts = told.map(({ area, share }) => `${area} ${percent(share)}`);
    return `Where the runner's processor time goes (${LABELS[name as ContenderName]}, 64 in flight): ${parts.join(', ')}.`;
  });
  return texts.join('\n');
}

function memoryText(memory: MemoryUse | null): string {
  if (!memory) return '';
  const { calls, residentFirstMb, residentLastMb, heldBytesPerCall } = memory;
  const resident =
    residentFirstMb === null || residentLastMb === null
      ? ''
      : ` resident ${residentFirstMb.toFixed(0)} MB in the first quarter and ${residentLastMb.toFixed(0)} MB in the last;`;
  return `The runner's memory over ${calls} calls:${resident} after a collection it holds ${heldBytesPerCall.toFixed(1)} bytes more for each call.`;
}

/** How much of it is the machine's, the webhooks tell. */
function slowText({ addedAt150 }: BenchResult): string {
  const texts = SLOW_CONTENDERS.flatMap((contender) => {
    const added = addedAt150[contender];
    return added ? [`${LABELS[contender]} ${added.p50Ms.toFixed(1)} ms (p99 ${added.p99Ms.toFixed(1)} ms)`] : [];
  });
  return texts.length === 0 ? '' : `Added to a provider that takes 150 ms, with 200 calls in flight: ${texts.join('; ')}.`;
}

function tracesText(samples: Sample[]): string {
  const incomplete = CONTENDERS.flatMap((contender) => {
    const traces = samples.flatMap((sample) =>
      sample.contender === contender && sample.traces ? [sample.traces] : [],
    );
    const looked = traces.reduce((sum, trace) => sum + trace.looked, 0);
    const complete = traces.reduce((sum, trace) => sum + trace.complete, 0);
    return complete < looked ? [`${LABELS[contender]} ${looked - complete} of ${looked}`] : [];
  });
  if (incomplete.length === 0) return '';
  return `Not fully traced: calls looked at whose spans did not all arrive: ${incomplete.join('; ')}. The figures of these lack that work.`;
}

export function aimsOf({ ratios, memory }: Pick<BenchResult, 'ratios' | 'memory'>): Aim[] {
  const { traced, bare, addedP50MsAt150, addedP99MsAt150, addedP50MsByCredential } = ratios;
  const against = (webhook: string, measured: Ratios, bounds: Partial<Ratios>): Aim[] =>
    RATIO_NAMES.flatMap(([key, what, atLeast]) =>
      bounds[key] == null
        ? []
        : [
            {
              what: `${what}, against the ${webhook} webhook`,
              figure: measured[key],
              bound: bounds[key],
              atLeast,
              unit: '×' as const,
            },
          ],
    );
  return [
    ...against('traced', traced, { readP50C1: 1, readThroughputC64: 1.3, readP99C64: 1, writeP50C1: 1.3 }),
    ...against('bare', bare, { readP50C1: 1.2, readThroughputC64: 0.8 }),
    { what: 'added p50, provider of 150 ms, 200 in flight', figure: addedP50MsAt150, bound: 3, unit: 'ms' },
    { what: 'added p99, provider of 150 ms, 200 in flight', figure: addedP99MsAt150, bound: 15, unit: 'ms' },
    { what: 'added p50 by a connection, warm', figure: addedP50MsByCredential, bound: 0.2, unit: 'ms' },
    { what: 'resident memory, last quarter over the first', figure: memoryRatio(memory), bound: FLAT, unit: '×' },
    { what: 'held after a collection, for each call', figure: memory?.heldBytesPerCall ?? null, bound: HELD_BYTES, unit: 'B' },
  ];
}

/** What V8 takes for itself goes up and down by so much from quarter to quarter. */
const FLAT = 1.1;
/** An entry that stays in a Map for each call is larger, whatever it holds. */
const HELD_BYTES = 20;

function memoryRatio(memory: MemoryUse | null): number | null {
  return memory?.residentFirstMb && memory.residentLastMb ? memory.residentLastMb / memory.residentFirstMb : null;
}

const RATIO_NAMES: [keyof Ratios, string, boolean][] = [
  ['readP50C1', 'read p50 at 1', false],
  ['readThroughputC64', 'read calls/s at 64', true],
  ['readP99C64', 'read p99 at 64', false],
  ['writeP50C1', 'write p50 at 1', false],
];

function aimsText(aims: Aim[]): string {
  const rows = aims.map((aim) => {
    const bound = `${aim.atLeast ? '≥' : '≤'} ${aim.bound} ${aim.unit}`;
    return (
      aim.what.padEnd(46) +
      `${figureText(aim.figure)} ${aim.unit}`.padStart(11) +
      bound.padStart(10) +
      `   ${verdictOf(aim)}`
    );
  });
  return [`${'Aim'.padEnd(46)}${'measured'.padStart(11)}${'bound'.padStart(10)}`, ...rows].join('\n');
}

function isMet({ figure, bound, atLeast }: Aim): boolean | null {
  if (figure === null) return null;
  return atLeast ? figure >= bound : figure <= bound;
}

function verdictOf(aim: Aim): string {
  const met = isMet(aim);
  if (met === null) return 'not measured';
  return met ? 'met' : 'not met';
}

function standText(result: BenchResult): string {
  const verdicts = aimsOf(result).flatMap((aim) => isMet(aim) ?? []);
  if (verdicts.length === 0) return 'Where it stands: nothing that has an aim was measured.';
  const sentence = `Where it stands: ${verdicts.filter((met) => met).length} of the ${verdicts.length} aims measured are met.`;
  const { readP50C1, readThroughputC64 } = result.ratios.traced;
  if (readP50C1 === null || readThroughputC64 === null) return sentence;
  return (
    `${sentence} Against a webhook that traces every call, a Patchbay read takes ${readP50C1.toFixed(2)} times as long for one caller, ` +
    `and ${readThroughputC64.toFixed(2)} times as many calls a second get through when 64 wait.`
  );
}

function figureText(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
