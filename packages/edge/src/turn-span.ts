import { context, trace, type Attributes, type Context, type Span } from '@opentelemetry/api';
import { TRACER } from './span-attributes.ts';

/**
 * The span of one turn, from which a trace leads to the provider. It begins when the utterance began and ends with the last
 * thing that was asked for it: known only when the next turn comes, so it stays open until then.
 */
export class TurnSpan {
  /** The parent of what is asked for this turn. */
  readonly context: Context;
  readonly #span: Span;
  #lastAtMs: number;
  #underWay = 0;
  #closing = false;

  /** A child of the host's active span, if there is one: its own tracing of the call and ours become one trace. */
  constructor({ startedAt, endedAt, attributes }: { startedAt: Date; endedAt: Date; attributes: Attributes }) {
    const host = context.active();
    this.#span = trace.getTracer(TRACER).startSpan('turn', { startTime: startedAt, attributes }, host);
    this.context = trace.setSpan(host, this.#span);
    this.#lastAtMs = endedAt.getTime();
  }

  /** Keeps the turn open while something is asked for it. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work;
    } finally {
      this.#underWay--;
      this.#lastAtMs = Math.max(this.#lastAtMs, Date.now());
      if (this.#closing) this.close();
    }
  }

  /** Ends the span as soon as nothing is under way. */
  close(): void {
    this.#closing = true;
    if (this.#underWay === 0 && this.#span.isRecording()) this.#span.end(new Date(this.#lastAtMs));
  }
}
