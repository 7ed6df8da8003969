import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 50;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What the process was started with; empty for one that is gone, and for a zombie that nobody has waited for. */
export function commandLineOf(pid: number): string {
  if (!isAlive(pid)) return '';
  try {
    if (existsSync('/proc/self/cmdline'))
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch (error) {
    // The process ended between the two looks at it.
    if (!isAlive(pid)) return '';
    throw new Error(`Cannot tell what process ${pid} is: ${(error as Error).message}`, { cause: error });
  }
}

/** Pids are used again: a process is ours only if its command line still names what we started it with. */
export function isOurs(pid: number, proof: string): boolean {
  return proof !== '' && commandLineOf(pid).includes(proof);
}

export async function waitForEnd(pid: number, proof: string, timeoutMs: number): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  while (isOurs(pid, proof)) {
    if (Date.now() > until) return false;
    await wait(POLL_MS);
  }
  return true;
}

/** Ends a process that is proven to be ours: politely first, and hard when it has not gone within the grace. */
export async function endProcess(pid: number, proof: string, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isOurs(pid, proof)) return;
  process.kill(pid, signal);
  if (await waitForEnd(pid, proof, graceMs)) return;
  process.kill(pid, 'SIGKILL');
  await waitForEnd(pid, proof, graceMs);
}
