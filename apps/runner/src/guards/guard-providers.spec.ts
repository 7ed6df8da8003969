import { describe, expect, it } from '@jest/globals';
import { loadEnv } from '@patchbay/service-kit/config/env';
import { Env } from '../env.ts';
import { rateLimitsOf } from './guard-providers.ts';
import { RATE_LIMIT_PRESETS } from './rate-limits.ts';

const limitsWith = (given: Record<string, string>) => rateLimitsOf(loadEnv('runner', Env, { DATABASE_URL: 'postgres://localhost/runner', ...given }));

describe('the rate limits of the environment', () => {
  it('are the default ones unless it says otherwise', () => {
    expect(limitsWith({})).toEqual(RATE_LIMIT_PRESETS.default);
  });

  it('follow the preset, and single numbers before it', () => {
    expect(limitsWith({ RUNNER_RATE_LIMITS: 'strict', RUNNER_TOOL_BURST_CALLS: '2', RUNNER_TEST_CALLS_PER_MINUTE: '600' })).toEqual({
      organization: { perMinute: 60, burst: 30 },
      tool: { perMinute: 30, burst: 2 },
      test: { perMinute: 600, burst: 5 },
    });
  });

  it('are none when they are off, whatever else is given', () => {
    expect(limitsWith({ RUNNER_RATE_LIMITS: 'off', RUNNER_TOOL_BURST_CALLS: '2' })).toBeNull();
  });

  it('must be words and numbers that mean something', () => {
    expect(() => limitsWith({ RUNNER_RATE_LIMITS: 'strictest', RUNNER_TOOL_BURST_CALLS: '0' })).toThrow(
      /RUNNER_RATE_LIMITS[\s\S]*RUNNER_TOOL_BURST_CALLS/,
    );
  });
});
