import { Counter, Gauge, Histogram, Registry, type OpenMetricsContentType } from 'prom-client';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

/** Of OpenMetrics, the only text format that carries exemplars; Prometheus asks for it. Source: OpenMetrics 1.0. */
export const METRICS_CONTENT_TYPE = Registry.OPENMETRICS_CONTENT_TYPE;

/** What takes longer is left out of a scrape: Prometheus itself gives up after ten seconds. */
const READ_TIMEOUT_MS = 1_000;

interface Described<L extends string> {
  /** `patchbay_<noun>_<unit>`, a counter ends in `_total`. Source: Prometheus, "Metric and label naming". */
  name: string;
  help: string;
  /** Only what has a closed list of values: each combination is a time series that stays. Never an organization, a session or a value. */
  labels?: readonly L[];
}

/**
 * The metrics of one service, for `GET /metrics`. A registry of its own instead of the library's global one: a process may hold several
 * services, and each tells only of itself.
 */
export class Metrics {
  readonly registry = new Registry<OpenMetricsContentType>();

  constructor(private readonly logger: Logger) {
    this.registry.setContentType(METRICS_CONTENT_TYPE);
  }

  /** Everything as OpenMetrics text. Never rejects because a gauge could not be read. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  counter<L extends string = never>({ name, help, labels = [] }: Described<L>): Counter<L> {
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  /** Of durations in seconds, with the trace of one of them in each bucket; at most 12 buckets, which are series too. */
  durations<L extends string>({ name, help, labels = [], buckets }: Described<L> & { buckets: number[] }): Durations<L> {
    return new Durations<L>(new Histogram<string>({ name, help, labelNames: labels, buckets, enableExemplars: true, registers: [this.registry] }));
  }

  /** Read at each scrape, in at most a second; what cannot be read then is left out, and logged. */
  gauge({ name, help, read }: Omit<Described<never>, 'labels'> & { read: () => number | Promise<number> }): void {
    const { logger } = this;
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        try {
          const value = read();
          this.set(typeof value === 'number' ? value : await inTime(value));
        } catch (err) {
          // The value of an earlier scrape would pass for one of now.
          this.remove();
          logger.warn({ err, metric: name }, 'a metric could not be read');
        }
      },
    });
    this.registry.registerMetric(gauge);
  }
}

/** How long something took, with an example for each bucket. */
export class Durations<L extends string> {
  constructor(private readonly histogram: Histogram<string>) {}

  /** `labels` may be the same object each time: nothing is changed in it. `traceId` is what the bucket is an example of from now on. */
  observe(labels: Readonly<Record<L, string>>, seconds: number, traceId: string): void {
    this.histogram.observe({ labels, value: seconds, exemplarLabels: traceId ? { trace_id: traceId } : undefined });
  }
}

async function inTime(value: Promise<number>): Promise<number> {
  const done = new AbortController();
  const late = async (): Promise<never> => {
    await delay(READ_TIMEOUT_MS, undefined, { signal: done.signal });
    throw new Error(`It took longer than ${READ_TIMEOUT_MS} ms.`);
  };
  try {
    return await Promise.race([value, late()]);
  } finally {
    done.abort();
  }
}
