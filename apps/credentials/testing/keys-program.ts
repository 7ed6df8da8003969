import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface KeysRun {
  code: number | null;
  lines: string[];
  errors: string;
  /** The last line, which is for programs. */
  result: Record<string, unknown>;
}

/** `keys …` as its own process, on the store of a running service. */
export class KeysProgram {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #errors = '';
  #onLine: (line: string) => void = () => undefined;

  constructor(values: Record<string, string>, args: string[]) {
    const program = join(import.meta.dirname, '../dist/keys-program.js');
    this.#child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'], ...values }, stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.lines.push(line);
      this.#onLine(line);
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => (this.#errors += String(chunk)));
    this.#ended = once(this.#child, 'close');
  }

  /** Resolves when it has said a line like this. */
  async untilLine(pattern: RegExp): Promise<void> {
    if (this.lines.some((line) => pattern.test(line))) return;
    const said = new Promise<void>((resolve) => (this.#onLine = (line) => pattern.test(line) && resolve()));
    const ended = this.#ended.then(() => Promise.reject(new Error(`it ended: ${this.lines.join('\n')} ${this.#errors}`)));
    await Promise.race([said, ended]);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async end(): Promise<KeysRun> {
    await this.#ended;
    const last = this.lines.at(-1) ?? '';
    return { code: this.#child.exitCode, lines: this.lines, errors: this.#errors, result: last.startsWith('{') ? (JSON.parse(last) as Record<string, unknown>) : {} };
  }
}
