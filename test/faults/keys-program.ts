import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repoRoot } from '../../infra/local/paths.ts';
import type { Vault } from './platform.ts';

/** What the last line of `keys rotate` says. */
export interface Rotated {
  keyId: string;
  /** Whether this run made the key; false when it went on with an interrupted rotation. */
  made: boolean;
  resealed: number;
  left: number;
}

/** The program behind `npm run keys`, with nothing between: whoever kills it kills the one at work. */
export class KeysProgram {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #lines: string[] = [];
  #onLine: () => void = () => undefined;

  constructor(vault: Vault, args: string[]) {
    this.#child = spawn(process.execPath, [join(repoRoot, 'apps/credentials/dist/keys-program.js'), ...args], {
      env: { PATH: process.env.PATH, DATABASE_URL: vault.databaseUrl, CREDENTIALS_KEYRING_FILE: vault.keyringFile },
      // Standard output of this process belongs to the result.
      stdio: ['ignore', 'pipe', 2],
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.#lines.push(line);
      this.#onLine();
    });
    this.#ended = once(this.#child, 'close');
  }

  /** Resolves when it says that so many are sealed; rejects when it ends before. */
  async untilSealed(count: number): Promise<void> {
    const sealed = () => Math.max(0, ...this.#lines.map((line) => Number(/^sealed (\d+) of/.exec(line)?.[1] ?? 0)));
    const reached = new Promise<void>((resolve) => {
      this.#onLine = () => sealed() >= count && resolve();
      this.#onLine();
    });
    const ended = this.#ended.then(() => Promise.reject(new Error(`keys ended after ${sealed()} secrets: ${this.#lines.join('\n')}`)));
    await Promise.race([reached, ended]);
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** What its last line says. Rejects unless it ended with code 0. */
  async end<T>(): Promise<T> {
    await this.#ended;
    if (this.#child.exitCode === 0) return JSON.parse(this.#lines.at(-1)!) as T;
    throw new Error(`keys ended with ${this.#child.exitCode ?? this.#child.signalCode}: ${this.#lines.join('\n')}`);
  }
}
