import { randomBytes } from 'node:crypto';
import { otlpAttributes } from './span-export.ts';
import type { AttributeValue, OtlpSpan } from './span-export.ts';

/** The numbers of OTLP. */
const KINDS = { internal: 1, producer: 4 };
const STATUS_ERROR = 2;
const SAMPLED = 1;

export interface SpanStart {
  name: string;
  kind: keyof typeof KINDS;
  parent: OpenSpan | null;
  attributes: Record<string, AttributeValue>;
}

/** A span under way; `traceparent` is what a request sends along. */
export class OpenSpan {
  readonly traceId: string;
  readonly spanId: string = randomBytes(8).toString('hex');
  readonly #start: SpanStart;
  readonly #startedAtNano = nowUnixNano();
  readonly #add: (span: OtlpSpan) => void;
  #problem: string | null = null;
  #lastActivityNano: bigint | null = null;

  constructor(start: SpanStart, add: (span: OtlpSpan) => void) {
    this.traceId = start.parent?.traceId ?? randomBytes(16).toString('hex');
    this.#start = start;
    this.#add = add;
  }

  get traceparent(): string {
    return `00-${this.traceId}-${this.spanId}-01`;
  }

  get attributes(): Readonly<Record<string, AttributeValue>> {
    return this.#start.attributes;
  }

  /** Something happened within it: it lasted until now at least. */
  touch(): void {
    this.#lastActivityNano = nowUnixNano();
  }

  fail(problem: string): void {
    this.#problem = problem;
  }

  /** Hands it over; it ended with the last activity, if there was any. */
  end(): void {
    const { name, kind, parent, attributes } = this.#start;
    this.#add({
      traceId: this.traceId,
      spanId: this.spanId,
      ...(parent ? { parentSpanId: parent.spanId } : {}),
      name,
      kind: KINDS[kind],
      startTimeUnixNano: String(this.#startedAtNano),
      endTimeUnixNano: String(this.#lastActivityNano ?? nowUnixNano()),
      attributes: otlpAttributes(attributes),
      status: this.#problem === null ? {} : { code: STATUS_ERROR, message: this.#problem },
      flags: SAMPLED,
    });
  }
}

/** In two parts, because nanoseconds since 1970 do not fit a double. */
function nowUnixNano(): bigint {
  const nowMs = performance.timeOrigin + performance.now();
  const wholeMs = Math.floor(nowMs);
  return BigInt(wholeMs) * 1_000_000n + BigInt(Math.floor((nowMs - wholeMs) * 1e6));
}
