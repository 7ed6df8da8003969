import { monitorEventLoopDelay, type ELDHistogram } from 'node:perf_hooks';

/**
 * How long each turn of the event loop took, in nanoseconds, until `disable()`. Measured by the loop itself and not by a timer, whose
 * hundred wake-ups a second take a tenth of a processor from the calls when nine idle services do it on one machine.
 */
export function measureLoopDelays(): ELDHistogram {
  const delays = monitorEventLoopDelay({ samplePerIteration: true });
  delays.enable();
  // The first sample counts the time the loop had nothing to do as well (Node 24.21).
  setImmediate(() => delays.reset());
  return delays;
}
