import { setTimeout as wait } from 'node:timers/promises';
import { canReadCpu, familyCpuMs, machineCpuMs, processCpuMs } from './cpu.ts';

/** CPU time used so far, in milliseconds, by part of the system. */
export type CpuReading = Record<string, number>;

/** What one measurement cost. */
export interface CpuUse {
  /** By part, in milliseconds. */
  byPart: CpuReading;
  /** The share of the whole machine, 0 to 1, that programs took which are no part of the bench. */
  othersShare: number;
}

interface Started {
  reading: CpuReading;
  busyMs: number;
  atMs: number;
}

/** Spans wait half a second for company before they are sent. */
const SHORTEST_SETTLE_MS = 750;
const LONGEST_SETTLE_MS = 15_000;
const LOOK_EVERY_MS = 150;
/** Of one processor: nine services that only answer health checks stay below it. */
const QUIET_SHARE = 0.12;

/** The processes of a run, by part, so that each call's cost can be told; null throughout where there is no /proc. */
export class System {
  readonly #parts: Record<string, () => number>;

  /** By pid and not by name: when a service is started again under the measurement, the run must fail rather than miscount. */
  constructor(pids: { single: Record<string, number>; withChildren: Record<string, number> }) {
    const single = Object.entries(pids.single).map(([part, pid]) => [part, () => processCpuMs(pid)] as const);
    const families = Object.entries(pids.withChildren).map(([part, pid]) => [part, () => familyCpuMs(pid)] as const);
    this.#parts = Object.fromEntries([...single, ...families]);
  }

  start(): Started | null {
    return canReadCpu ? { reading: this.#read(), busyMs: machineCpuMs().busyMs, atMs: performance.now() } : null;
  }

  usedSince(started: Started | null): CpuUse | null {
    if (!started) return null;
    const now = this.#read();
    const byPart = Object.fromEntries(Object.entries(now).map(([name, ms]) => [name, ms - started.reading[name]!]));
    const oursMs = sum(byPart);
    const { busyMs, cpus } = machineCpuMs();
    const availableMs = (performance.now() - started.atMs) * cpus;
    return { byPart, othersShare: Math.max(0, busyMs - started.busyMs - oursMs) / availableMs };
  }

  /** Waits until what was put off (evidence in batches, spans) has been done, so that it is not counted for the next one. */
  async settle(): Promise<void> {
    await wait(SHORTEST_SETTLE_MS);
    if (!canReadCpu) return;
    const until = performance.now() + LONGEST_SETTLE_MS;
    for (let before = sum(this.#read()); performance.now() < until;) {
      await wait(LOOK_EVERY_MS);
      const now = sum(this.#read());
      if (now - before < LOOK_EVERY_MS * QUIET_SHARE) return;
      before = now;
    }
    throw new Error(
      `The system was still at work ${LONGEST_SETTLE_MS / 1000} s after the load had ended: what it put off grows without bound.`,
    );
  }

  #read(): CpuReading {
    return Object.fromEntries(Object.entries(this.#parts).map(([name, read]) => [name, read()]));
  }
}

function sum(reading: CpuReading): number {
  return Object.values(reading).reduce((total, ms) => total + ms, 0);
}
