import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Linux counts CPU time in hundredths of a second in /proc, whatever the kernel's own tick is. */
const MS_PER_TICK = 10;

export const canReadCpu = process.platform === 'linux';

/** Memory that a process really occupies, in bytes. Throws when it has ended. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`Process ${pid} ended while it was measured.`);
  return Number(kilobytes) * 1024;
}

interface ProcessTimes {
  parentPid: number;
  ownMs: number;
  /** Of children that have ended and were waited for. */
  endedChildrenMs: number;
}

/** CPU time that a process has used, all threads, user and system. Throws when it has ended. */
export function processCpuMs(pid: number): number {
  const times = timesOf(pid);
  if (!times) throw new Error(`Process ${pid} ended while it was measured.`);
  return times.ownMs;
}

/** CPU time of a process and its direct children, those that have ended included: PostgreSQL with its backends. */
export function familyCpuMs(pid: number): number {
  const parent = timesOf(pid);
  if (!parent) throw new Error(`Process ${pid} ended while it was measured.`);
  let sumMs = parent.ownMs + parent.endedChildrenMs;
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(Number(name)) : undefined;
    if (times?.parentPid === pid) sumMs += times.ownMs;
  }
  return sumMs;
}

/** CPU time that all processes of the machine have used, and how much there was. */
export function machineCpuMs(): { busyMs: number; cpus: number } {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , interrupt = 0, softInterrupt = 0, stolen = 0] = first
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return {
    busyMs: (user + nice + system + interrupt + softInterrupt + stolen) * MS_PER_TICK,
    cpus: availableParallelism(),
  };
}

function timesOf(pid: number): ProcessTimes | undefined {
  const stat = readStat(pid);
  return stat === undefined ? undefined : parseStat(stat);
}

/** The name in the second field may contain anything, spaces and parentheses included. */
export function parseStat(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (index: number) => Number(fields[index]);
  return { parentPid: at(1), ownMs: (at(11) + at(12)) * MS_PER_TICK, endedChildrenMs: (at(13) + at(14)) * MS_PER_TICK };
}

function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
