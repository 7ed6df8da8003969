import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const EVERY_MS = 20;

/** What the process holds in memory, in bytes. */
export function residentBytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  const kilobytes = existsSync(status)
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kilobytes) * 1024;
}

/** The most that any of the processes came to hold above what it held before, while `task` ran; in bytes. */
export async function mostGrowth(pids: number[], task: () => Promise<void>): Promise<number> {
  const before = pids.map(residentBytes);
  let most = 0;
  let running = true;
  const watching = (async () => {
    while (running) {
      most = Math.max(most, ...pids.map((pid, index) => residentBytes(pid) - before[index]!));
      await wait(EVERY_MS);
    }
  })();
  try {
    await task();
  } finally {
    running = false;
    await watching;
  }
  return most;
}
