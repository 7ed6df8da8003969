import { Worker } from 'node:worker_threads';
import type { ResponseRules } from '@patchbay/contracts/action';
import type { Answered } from './send-result.ts';
import type { Shaped } from './shape-response.ts';

/** 256 KiB of JSON take 3 ms to read, of which no other call should have to wait for more. */
const LARGE_BYTES = 262_144;
/** The largest answers take 100 ms, the thread's start as long again. Only a rule that was made to takes longer, or a thread that hangs. */
const TIMEOUT_MS = 10_000;

export interface LargeAnswerTask {
  taskId: number;
  rules: ResponseRules | undefined;
  sayEmpty: string | undefined;
  answer: Answered;
  args: Record<string, unknown>;
}

export interface LargeAnswerDone {
  taskId: number;
  shaped: Shaped;
}

/** Whether an answer is so large that its reading would hold up other calls. */
export function isLarge({ body }: Pick<Answered, 'body'>): boolean {
  return body.length > LARGE_BYTES;
}

/** Shapes large answers in a thread of its own, which starts with the first of them, or with `start`. */
export class LargeAnswers {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, (shaped: Shaped) => void>();
  private lastTaskId = 0;

  /**
   * What `compileResponse(rules, { sayEmpty })(answer, args)` gives, with one difference: of the body only the texts `say` and `hint` at its
   * top come back. Never rejects; an answer that takes longer than 10 s is `unreadable`. Rules must have been compiled before, to be sure of them.
   */
  async shape(
    rules: ResponseRules | undefined,
    answer: Answered,
    args: Record<string, unknown>,
    { sayEmpty }: { sayEmpty?: string } = {},
  ): Promise<Shaped> {
    const taskId = ++this.lastTaskId;
    const timer = setTimeout(() => void this.stop(), TIMEOUT_MS);
    try {
      return await new Promise<Shaped>((resolve) => {
        this.waiting.set(taskId, resolve);
        this.thread().postMessage({ taskId, rules, sayEmpty, answer, args } satisfies LargeAnswerTask, []);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the thread; what it has not answered is `unreadable`. */
  async close(): Promise<void> {
    await this.stop();
  }

  /** Starts the thread, so that the first large answer need not wait for it. */
  start(): void {
    this.thread();
  }

  private thread(): Worker {
    if (this.worker !== undefined) return this.worker;
    const file = import.meta.url.endsWith('.ts') ? './large-answer.worker.ts' : './large-answer.worker.js';
    const worker = new Worker(new URL(file, import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    worker.on('message', ({ taskId, shaped }: LargeAnswerDone) => this.settle(taskId, shaped));
    // Out of memory, or a rule that does not compile: whoever waits is told below, when it has ended.
    worker.on('error', () => undefined);
    worker.on('exit', () => this.abandon(worker));
    worker.unref();
    this.worker = worker;
    return worker;
  }

  private async stop(): Promise<void> {
    await this.worker?.terminate();
  }

  private abandon(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
    for (const taskId of this.waiting.keys())
      this.settle(taskId, {
        kind: 'unreadable',
        result: null,
        body: null,
        missing: [],
        problem: 'the answer could not be read in time',
      });
  }

  private settle(taskId: number, shaped: Shaped): void {
    this.waiting.get(taskId)?.(shaped);
    this.waiting.delete(taskId);
  }
}
