import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** What V8's profiler reports; times are in microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** A process must be started with this for `Inspector.open`: the usual port would be taken by whoever is inspected first. */
export const INSPECTABLE = '--inspect-port=0';

const OPEN_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** V8's own view into a running Node process, opened only when it is needed. */
export class Inspector implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#settle(JSON.parse(String(data)) as InspectorAnswer));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The inspected process has ended.'));
    });
  }

  /** @param logFile where the process writes its standard error: there it says on which address it listens */
  static async open({ pid, logFile }: { pid: number; logFile: string }): Promise<Inspector> {
    process.kill(pid, 'SIGUSR1');
    const socket = new WebSocket(await addressIn(logFile));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error(`Process ${pid} cannot be inspected.`)), { once: true });
    });
    return new Inspector(socket);
  }

  /** Where the processor time goes while `work` is done. */
  async profile(work: () => Promise<unknown>): Promise<CpuProfile> {
    await this.#ask('Profiler.enable');
    await this.#ask('Profiler.start');
    await work();
    const { profile } = await this.#ask<{ profile: CpuProfile }>('Profiler.stop');
    await this.#ask('Profiler.disable');
    return profile;
  }

  /** What the process really holds on to, in bytes: its heap after everything else was collected. */
  async heldBytes(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage');
    const { usedSize } = await this.#ask<{ usedSize: number }>('Runtime.getHeapUsage');
    return usedSize;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #ask<T>(method: string): Promise<T> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method }));
    return answer.promise as Promise<T>;
  }

  #settle({ id, result, error }: InspectorAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(`The inspected process says: ${error.message}`));
    else waiting?.resolve(result);
  }
}

interface InspectorAnswer {
  id: number;
  result?: unknown;
  error?: { message: string };
}

async function addressIn(logFile: string): Promise<string> {
  const until = performance.now() + OPEN_WITHIN_MS;
  for (;;) {
    const address = /Debugger listening on (ws:\S+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
    if (address) return address;
    if (performance.now() > until) throw new Error(`No address of an inspector in ${logFile}.`);
    await wait(LOOK_EVERY_MS);
  }
}
