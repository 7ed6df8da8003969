import type { Rest } from './rest.ts';

/** A finished span in the words of OTLP/JSON. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  status: { code?: number; message?: string };
  flags: number;
}
export interface OtlpAttribute {
  key: string;
  value: { stringValue: string } | { intValue: string } | { doubleValue: number } | { boolValue: boolean };
}
export type AttributeValue = string | number | boolean;

/** Far below the gateway's limit for a body, at about half a kilobyte a span. */
const BATCH_SPANS = 256;
const EVERY_MS = 500;

export function otlpAttributes(attributes: Record<string, AttributeValue>): OtlpAttribute[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));
}

function otlpValue(value: AttributeValue): OtlpAttribute['value'] {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/**
 * Sends spans to the gateway in batches, one after the other. Written here because a queue that drops spans when it is
 * full, as the usual processors have, would make complete traces look incomplete.
 */
export class SpanExport {
  readonly #rest: Pick<Rest, 'deliver'>;
  readonly #resource: OtlpAttribute[];
  readonly #waiting: OtlpSpan[] = [];
  readonly #problems: string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();

  constructor(rest: Pick<Rest, 'deliver'>, resource: Record<string, AttributeValue>) {
    this.#rest = rest;
    this.#resource = otlpAttributes(resource);
  }

  add(span: OtlpSpan): void {
    this.#waiting.push(span);
    if (this.#waiting.length >= BATCH_SPANS) this.#sendSoon();
    else this.#timer ??= setTimeout(() => this.#sendSoon(), EVERY_MS);
  }

  /** Resolves when everything was sent or refused; returns what could not be delivered, in words. */
  async flush(): Promise<string[]> {
    this.#sendSoon();
    await this.#sending;
    return this.#problems;
  }

  #sendSoon(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const spans = this.#waiting.splice(0);
    for (let from = 0; from < spans.length; from += BATCH_SPANS) {
      const batch = spans.slice(from, from + BATCH_SPANS);
      this.#sending = this.#sending.then(() => this.#send(batch));
    }
  }

  async #send(spans: OtlpSpan[]): Promise<void> {
    const scopeSpans = [{ scope: { name: 'patchbay-replay' }, spans }];
    try {
      const reply = await this.#rest.deliver('/otlp/v1/traces', {
        resourceSpans: [{ resource: { attributes: this.#resource }, scopeSpans }],
      });
      const rejected = reply.has('partialSuccess') ? reply.at('partialSuccess').record().rejectedSpans : undefined;
      if (Number(rejected ?? 0) > 0) this.#problems.push(`${String(rejected)} of ${spans.length} spans were rejected`);
    } catch (error) {
      this.#problems.push(
        `${spans.length} spans were not delivered: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
