import { linkSync, rmSync } from 'node:fs';
import { pathsIn } from './paths.ts';
import { findJson, writePrivateFile, writePrivateJson } from './private-file.ts';
import { commandLineOf, isAlive } from './processes.ts';

/** What `running.json` says of a platform that is up; other programs (replay, bench) find it by this. */
export interface Running {
  pid: number;
  startedAt: string;
  /** The gateway: API and console. */
  url: string;
  consoleUrl: string;
  natsUrl: string;
  apiKey: string;
  otlpUrl: string;
  /** The superuser's URL; absent with an external DATABASE_URL. */
  databaseUrl?: string;
  services: Record<string, { pid: number; port: number }>;
}

interface Lock {
  pid: number;
  commandLine: string;
}

const ANSWER_TIMEOUT_MS = 3_000;

/** The folders that this very process has locked. */
const held = new Set<string>();

/** The platform that runs on this data folder: its process is alive and its API answers; otherwise undefined. */
export async function readRunning(dataDir: string): Promise<Running | undefined> {
  const running = findJson<Running>(pathsIn(dataDir).running);
  if (!running || !isAlive(running.pid)) return undefined;
  return (await answers(running.url)) ? running : undefined;
}

export function writeRunning(dataDir: string, running: Running): void {
  writePrivateJson(pathsIn(dataDir).running, running);
}

export function removeRunning(dataDir: string): void {
  rmSync(pathsIn(dataDir).running, { force: true });
}

/** Somebody else's start or stop is under way on the same data folder, or a platform is up. */
export class DataFolderInUse extends Error {
  readonly pid: number;
  constructor(dataDir: string, pid: number) {
    super(
      `${dataDir} is in use by process ${pid}. Stop it first, or give this one a folder of its own with PATCHBAY_DATA.`,
    );
    this.pid = pid;
  }
}

/**
 * Makes this process the only one that works on the data folder. A lock whose holder is gone is taken over.
 *
 * @returns gives the folder back
 * @throws DataFolderInUse
 */
export function lockDataFolder(dataDir: string): () => void {
  const file = pathsIn(dataDir).lock;
  const holder = findHolder(dataDir);
  if (holder) throw new DataFolderInUse(dataDir, holder);
  rmSync(file, { force: true });

  const mine = `${file}.${process.pid}`;
  writePrivateFile(mine, JSON.stringify({ pid: process.pid, commandLine: commandLineOf(process.pid) }));
  try {
    // A link fails where the file exists: of two that start in the same moment one gets it.
    linkSync(mine, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new DataFolderInUse(dataDir, findHolder(dataDir) ?? 0);
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  held.add(dataDir);
  return () => {
    held.delete(dataDir);
    rmSync(file, { force: true });
  };
}

/** The pid of the live process that has the folder. */
export function findHolder(dataDir: string): number | undefined {
  const lock = findJson<Lock>(pathsIn(dataDir).lock);
  if (!lock) return undefined;
  // A container that starts again gives out the same pids: our own pid in the file may be of an earlier life.
  if (lock.pid === process.pid) return held.has(dataDir) ? lock.pid : undefined;
  return commandLineOf(lock.pid) === lock.commandLine ? lock.pid : undefined;
}

/** Refused, reset or too slow is all the same here: no API that one can use. */
function answers(url: string): Promise<boolean> {
  return fetch(`${url}/ready`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }).then(
    () => true,
    () => false,
  );
}
