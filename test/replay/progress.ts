import type { Step } from './conversation.ts';

/** Often enough to see that it moves, seldom enough for a log. */
const LOG_EVERY_MS = 5_000;
const REDRAW_EVERY_MS = 100;

export interface ProgressOutput {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** One line that tells where the replay is: updated in place on a terminal, repeated every few seconds elsewhere. */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #total: number;
  readonly #startedAtMs = performance.now();
  readonly #counts = { conversation: 0, turn: 0, call: 0, loss: 0 };
  #timer: NodeJS.Timeout | null = null;
  #stage = '';

  constructor(output: ProgressOutput, total: number) {
    this.#output = output;
    this.#total = total;
  }

  /** Begins a stage; conversations are counted anew in each. */
  enter(stage: string): void {
    if (this.#timer) this.#write();
    this.#stage = stage;
    this.#counts.conversation = 0;
    this.#timer ??= setInterval(() => this.#write(), this.#output.isTTY ? REDRAW_EVERY_MS : LOG_EVERY_MS);
    this.#write();
  }

  count(what: Step['kind'] | 'loss' | 'conversation'): void {
    this.#counts[what] += 1;
  }

  stop(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#write();
    if (this.#output.isTTY) this.#output.write('\n');
  }

  line(): string {
    const { conversation, turn, call, loss } = this.#counts;
    const seconds = ((performance.now() - this.#startedAtMs) / 1000).toFixed(0);
    return `${this.#stage}: ${conversation}/${this.#total} conversations, ${turn} turns, ${call} invocations, ${loss} lost, ${seconds} s`;
  }

  #write(): void {
    this.#output.write(this.#output.isTTY ? `\r\x1b[K${this.line()}` : `${this.line()}\n`);
  }
}
