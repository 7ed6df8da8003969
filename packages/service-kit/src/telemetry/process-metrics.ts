import { Counter } from 'prom-client';
import { measureLoopDelays } from './loop-delays.ts';
import type { Metrics } from './metrics.ts';

/**
 * The process itself, under the names that dashboards for Node.js know. The library's own set watches the garbage collector as well, and
 * cannot be stopped. Returns how to stop.
 */
export function measureProcess(metrics: Metrics): () => void {
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory.', read: () => process.memoryUsage.rss() });
  metrics.gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Heap of V8 in use.', read: () => process.memoryUsage().heapUsed });
  metrics.gauge({ name: 'nodejs_heap_size_total_bytes', help: 'Heap of V8.', read: () => process.memoryUsage().heapTotal });
  const startedAt = Date.now() / 1e3 - process.uptime();
  metrics.gauge({ name: 'process_start_time_seconds', help: 'When the process started, in seconds since 1970.', read: () => startedAt });
  countCpuTime(metrics);
  return measureEventLoop(metrics);
}

function countCpuTime({ registry }: Metrics): void {
  let counted = 0;
  const seconds = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, user and system.',
    registers: [],
    collect() {
      const { user, system } = process.cpuUsage();
      this.inc((user + system) / 1e6 - counted);
      counted = (user + system) / 1e6;
    },
  });
  registry.registerMetric(seconds);
}

/** All three are read by one scrape, in this order: the last begins anew. */
function measureEventLoop(metrics: Metrics): () => void {
  const delays = measureLoopDelays();
  const help = 'of the event loop since the last scrape: how long one turn of it took.';
  // Before the first sample there is nothing to take a percentile of.
  const seconds = (nanoseconds: number) => (delays.count > 0 ? nanoseconds / 1e9 : 0);
  metrics.gauge({ name: 'nodejs_eventloop_lag_p50_seconds', help: `Median lag ${help}`, read: () => seconds(delays.percentile(50)) });
  metrics.gauge({ name: 'nodejs_eventloop_lag_p99_seconds', help: `99th percentile of the lag ${help}`, read: () => seconds(delays.percentile(99)) });
  const readMax = () => {
    const max = seconds(delays.max);
    delays.reset();
    return max;
  };
  metrics.gauge({ name: 'nodejs_eventloop_lag_max_seconds', help: `Longest lag ${help}`, read: readMax });
  return () => void delays.disable();
}
