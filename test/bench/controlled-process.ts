import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OrderAnswer } from './answer-orders.ts';

export interface ControlledProcessOptions {
  /** What it is in messages, e.g. `webhook`. */
  title: string;
  /** Beside this file. */
  program: string;
  env?: Record<string, string>;
  execArgv?: string[];
}

/** A process of the bench that carries out orders of type `O`; it ends with the bench, however that ends. */
export class ControlledProcess<O extends { kind: string }> {
  readonly pid: number;
  readonly #title: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #ended = false;

  constructor({ title, program, env = {}, execArgv = [] }: ControlledProcessOptions) {
    this.#title = title;
    this.#child = fork(fileURLToPath(new URL(program, import.meta.url)), {
      env: { ...process.env, ...env },
      execArgv,
      // Standard output belongs to the result.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    if (this.#child.pid === undefined) throw new Error(`The ${title} process could not be started.`);
    this.pid = this.#child.pid;
    this.#child.on('message', (answer: OrderAnswer) => this.#settle(answer));
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', () => {
        this.#ended = true;
        for (const { reject } of this.#waiting.values()) reject(this.#endedError());
        resolve();
      });
    });
  }

  /** Rejects with what the other process says went wrong, or when it has ended. */
  ask<T>(order: O): Promise<T> {
    if (this.#ended) return Promise.reject(this.#endedError());
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#child.send({ ...order, id }, (error) => {
      if (error) answer.reject(error);
    });
    return answer.promise as Promise<T>;
  }

  async close(): Promise<void> {
    if (!this.#ended) this.#child.disconnect();
    await this.#exited;
  }

  #settle(answer: OrderAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('problem' in answer) waiting?.reject(new Error(`${this.#title}: ${answer.problem}`));
    else waiting?.resolve(answer.value);
  }

  #endedError(): Error {
    return new Error(`The ${this.#title} process has ended; its own message is above.`);
  }
}
