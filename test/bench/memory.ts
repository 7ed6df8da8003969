import { canReadCpu, residentBytes } from './cpu.ts';
import type { Inspector } from './inspector.ts';
import { median } from './statistics.ts';

/** What the runner's memory did while it took calls. Resident memory is null where there is no /proc. */
export interface MemoryUse {
  /** Those during which resident memory was read; more were made before, to fill the heap. */
  calls: number;
  /** Medians of the first and of the last quarter of the calls. */
  residentFirstMb: number | null;
  residentLastMb: number | null;
  /** What is still held when everything else was collected: what it grew by, for each call. */
  heldBytesPerCall: number;
}

/** A part of the calls; between two of them memory is read. */
const PART_CALLS = 2_500;
/** Made first and not looked at: so many it takes until V8 collects old objects for the first time, and the heap has its size. */
const FILL_CALLS = 25_000;
/** On a slow machine fewer calls are made rather than that the bench goes on for long. */
const LONGEST_MS = 90_000;
const MB = 1024 * 1024;

/**
 * Watches a process over so many calls.
 *
 * @param work.load makes at most so many calls and resolves with how many there were
 * @param work.settle resolves when nothing is under way any more
 */
export async function watchMemory(
  { pid, inspector }: { pid: number; inspector: Pick<Inspector, 'heldBytes'> },
  wantedCalls: number,
  work: { load(most: number): Promise<number>; settle(): Promise<void> },
): Promise<MemoryUse> {
  const residents: number[] = [];
  await work.settle();
  const heldBefore = await inspector.heldBytes();
  const until = performance.now() + LONGEST_MS;
  const fillCalls = await work.load(FILL_CALLS);
  let calls = 0;
  while (calls < wantedCalls && performance.now() < until) {
    calls += await work.load(Math.min(PART_CALLS, wantedCalls - calls));
    if (canReadCpu) residents.push(residentBytes(pid) / MB);
  }
  await work.settle();
  const heldAfter = await inspector.heldBytes();
  return { calls, ...quarters(residents), heldBytesPerCall: (heldAfter - heldBefore) / (fillCalls + calls) };
}

export function quarters(residents: number[]): Pick<MemoryUse, 'residentFirstMb' | 'residentLastMb'> {
  if (residents.length === 0) return { residentFirstMb: null, residentLastMb: null };
  const quarter = Math.ceil(residents.length / 4);
  return { residentFirstMb: median(residents.slice(0, quarter)), residentLastMb: median(residents.slice(-quarter)) };
}
