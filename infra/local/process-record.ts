import { rmSync } from 'node:fs';
import { findJson, writePrivateJson } from './private-file.ts';
import { endProcess, isOurs } from './processes.ts';

interface Entry {
  name: string;
  proof: string;
  stopSignal: NodeJS.Signals;
}

/** A left-over service has no caller to wait for any more; PostgreSQL may still have a checkpoint to write. */
const LEFTOVER_GRACE_MS = 20_000;

/**
 * The pids of everything the platform has running, on disk from the moment each one starts: a run that was killed
 * itself leaves its processes behind, and the next one has to find them. Written synchronously, so that no start goes
 * unrecorded.
 */
export class ProcessRecord {
  readonly #file: string;
  readonly #entries = new Map<number, Entry>();

  constructor(file: string) {
    this.#file = file;
  }

  add(pid: number, entry: Entry): void {
    this.#entries.set(pid, entry);
    this.#write();
  }

  remove(pid: number): void {
    this.#entries.delete(pid);
    this.#write();
  }

  #write(): void {
    if (this.#entries.size === 0) return rmSync(this.#file, { force: true });
    writePrivateJson(this.#file, Object.fromEntries(this.#entries));
  }
}

/**
 * Ends what a killed run left behind, in the order of a clean stop: services, broker, database.
 *
 * @returns the names of what was still running
 */
export async function endLeftovers(file: string): Promise<string[]> {
  const entries = Object.entries(findJson<Record<string, Entry>>(file) ?? {});
  const left = entries.filter(([pid, entry]) => isOurs(Number(pid), entry.proof));
  for (const rank of [0, 1, 2]) {
    const sameRank = left.filter(([, entry]) => rankOf(entry.name) === rank);
    await Promise.all(
      sameRank.map(([pid, entry]) => endProcess(Number(pid), entry.proof, entry.stopSignal, LEFTOVER_GRACE_MS)),
    );
  }
  rmSync(file, { force: true });
  return left.map(([, entry]) => entry.name);
}

function rankOf(name: string): number {
  if (name === 'postgres') return 2;
  return name === 'nats' ? 1 : 0;
}
