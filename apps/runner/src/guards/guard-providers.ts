import type { Provider } from '@nestjs/common';
import { Bulkhead } from './bulkhead.ts';
import type { BreakerRules } from './circuit-breaker.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import { EventLoopLag } from './event-loop-lag.ts';
import type { GuardEnv } from './guard-env.ts';
import { LiveLatency } from './live-latency.ts';
import { LoopBreaker } from './loop-breaker.ts';
import { RATE_LIMIT_PRESETS, RateLimits, type RateLimitRules } from './rate-limits.ts';
import { RetryBudget } from './retry-budget.ts';
import { TurnBudgets } from './turn-budgets.ts';

/** A probe that hangs must not keep us away from a provider that has come back: with 5 s before the first, recovery is seen within 10 s. */
const PROBE_MS = 2_000;

/** The guards as the environment wants them; each is one instance for the whole process. */
export function guardProviders(env: GuardEnv): Provider[] {
  const loop = {
    equalCalls: env.RUNNER_LOOP_EQUAL_CALLS,
    equalWindowMs: env.RUNNER_LOOP_WINDOW_MS,
    callsPerMinute: env.RUNNER_LOOP_CALLS_PER_MINUTE,
  };
  const rooms = { concurrent: env.RUNNER_PROVIDER_CONCURRENT, queue: env.RUNNER_PROVIDER_QUEUE, queueMs: env.RUNNER_PROVIDER_QUEUE_MS };
  return [
    { provide: RateLimits, useFactory: () => new RateLimits(rateLimitsOf(env)) },
    { provide: LoopBreaker, useFactory: () => new LoopBreaker(loop) },
    { provide: Bulkhead, useFactory: () => new Bulkhead(rooms) },
    { provide: EventLoopLag, useFactory: () => new EventLoopLag(env.RUNNER_EVENT_LOOP_LAG_MS) },
    { provide: CircuitBreakers, useFactory: () => new CircuitBreakers(breakerRulesOf(env)) },
    { provide: RetryBudget, useFactory: () => new RetryBudget(env.RUNNER_RETRY_PERCENT / 100) },
    { provide: TurnBudgets, useFactory: () => new TurnBudgets() },
    { provide: LiveLatency, useFactory: () => new LiveLatency() },
  ];
}

/** A number given by itself counts before the preset; `off` is off whatever else is given. */
export function rateLimitsOf(env: GuardEnv): RateLimitRules | null {
  if (env.RUNNER_RATE_LIMITS === 'off') return null;
  const { organization, tool, test } = RATE_LIMIT_PRESETS[env.RUNNER_RATE_LIMITS];
  return {
    organization: {
      perMinute: env.RUNNER_ORGANIZATION_CALLS_PER_MINUTE ?? organization.perMinute,
      burst: env.RUNNER_ORGANIZATION_BURST_CALLS ?? organization.burst,
    },
    tool: { perMinute: env.RUNNER_TOOL_CALLS_PER_MINUTE ?? tool.perMinute, burst: env.RUNNER_TOOL_BURST_CALLS ?? tool.burst },
    test: { perMinute: env.RUNNER_TEST_CALLS_PER_MINUTE ?? test.perMinute, burst: env.RUNNER_TEST_BURST_CALLS ?? test.burst },
  };
}

function breakerRulesOf(env: GuardEnv): BreakerRules {
  return {
    windowMs: env.RUNNER_BREAKER_WINDOW_MS,
    threshold: env.RUNNER_BREAKER_FAILURE_PERCENT / 100,
    minimumCalls: env.RUNNER_BREAKER_MINIMUM_CALLS,
    failuresInARow: env.RUNNER_BREAKER_FAILURES_IN_A_ROW,
    halfOpenAfterMs: env.RUNNER_BREAKER_HALF_OPEN_MS,
    writesAfterMs: env.RUNNER_BREAKER_WRITES_MS,
    probeMs: PROBE_MS,
  };
}
