import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repoRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where everything the embedded stack keeps is. */
export interface DataPaths {
  dataDir: string;
  postgres: string;
  nats: string;
  natsConfig: string;
  creds: string;
  bin: string;
  logs: string;
  secrets: string;
  /** The keys that stored secrets are encrypted with; changed by `npm run keys`. */
  keyring: string;
  running: string;
  lock: string;
  processes: string;
}

/** `PATCHBAY_DATA` moves the folder; a relative one counts from where the command was typed, not from where npm runs it. */
export function dataDirFrom(env: NodeJS.ProcessEnv): string {
  if (!env.PATCHBAY_DATA) return join(repoRoot, '.patchbay');
  return resolve(env.INIT_CWD ?? process.cwd(), env.PATCHBAY_DATA);
}

export function pathsIn(dataDir: string): DataPaths {
  const nats = join(dataDir, 'nats');
  return {
    dataDir,
    postgres: join(dataDir, 'postgres'),
    nats,
    natsConfig: join(nats, 'server.conf'),
    creds: join(nats, 'creds'),
    bin: join(dataDir, 'bin'),
    logs: join(dataDir, 'logs'),
    secrets: join(dataDir, 'secrets.json'),
    keyring: join(dataDir, 'keyring.json'),
    running: join(dataDir, 'running.json'),
    lock: join(dataDir, 'lock.json'),
    processes: join(dataDir, 'processes.json'),
  };
}

export function createFolders(paths: DataPaths): void {
  mkdirSync(paths.dataDir, { recursive: true });
  // PostgreSQL refuses to run as root and gets a user of its own, who must be able to pass through to its folder.
  chmodSync(paths.dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  for (const folder of [paths.nats, paths.creds, paths.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  mkdirSync(paths.bin, { recursive: true });
}
