import type { ToolLimits } from '@patchbay/contracts/action';
import type { SessionSnapshot } from '@patchbay/contracts/calls';
import { monotonicClock, type Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

/** A token bucket: holds `burst` calls, and is filled with `perMinute` evenly. */
export interface Rate {
  perMinute: number;
  burst: number;
}
export type RateLimitLayer = 'organization' | 'tool' | 'test';
export type RateLimitRules = Record<RateLimitLayer, Rate>;

/** `strict` is what hosted voice platforms give a tenant; `default` stops a runaway agent and nothing else. */
export const RATE_LIMIT_PRESETS = {
  default: { organization: { perMinute: 6_000, burst: 1_000 }, tool: { perMinute: 1_200, burst: 200 }, test: { perMinute: 10, burst: 5 } },
  strict: { organization: { perMinute: 60, burst: 30 }, tool: { perMinute: 30, burst: 15 }, test: { perMinute: 10, burst: 5 } },
} as const satisfies Record<string, RateLimitRules>;

export interface LimitedCall {
  organizationId: string;
  toolId: string;
  channel: SessionSnapshot['channel'];
  limits: ToolLimits | undefined;
}
export type RateDecision = { allowed: true } | { allowed: false; layer: RateLimitLayer; retryAfterMs: number };

interface Bucket {
  tokens: number;
  filledAt: number;
}

const ALLOWED: RateDecision = { allowed: true };
/** A bucket forgotten starts full again: an hour fills every burst up to sixty times its rate per minute. */
const KEPT = { idleMs: 3_600_000, maxKeys: 100_000 };

/**
 * Limits of one runner process: what an organization may call in all, what each of its tools may be called, and what its tests may send. Tests
 * draw from a bucket of their own, so that they never cost a live call its turn; the tool's limit protects its provider from both.
 */
export class RateLimits {
  readonly #buckets: Record<RateLimitLayer, RecentMap<Bucket>>;

  /** Without rules nothing is limited. */
  constructor(
    private readonly rules: RateLimitRules | null,
    private readonly clock: Clock = monotonicClock,
  ) {
    const buckets = () => new RecentMap<Bucket>(KEPT, clock);
    this.#buckets = { organization: buckets(), tool: buckets(), test: buckets() };
  }

  /** Takes one call from both buckets, or from none. */
  take({ organizationId, toolId, channel, limits }: LimitedCall): RateDecision {
    if (this.rules === null) return ALLOWED;
    const now = this.clock();
    const ownLayer = channel === 'test' ? 'test' : 'organization';
    const ownRate = this.rules[ownLayer];
    const toolRate = limits === undefined ? this.rules.tool : rateOfTool(limits, this.rules.tool);
    const own = this.#fill(ownLayer, organizationId, ownRate, now);
    const tool = this.#fill('tool', `${organizationId} ${toolId}`, toolRate, now);
    if (own.tokens >= 1 && tool.tokens >= 1) {
      own.tokens--;
      tool.tokens--;
      return ALLOWED;
    }
    const retryAfterMs = Math.max(untilNextMs(own, ownRate), untilNextMs(tool, toolRate));
    return { allowed: false, layer: own.tokens < 1 ? ownLayer : 'tool', retryAfterMs };
  }

  #fill(layer: RateLimitLayer, key: string, { perMinute, burst }: Rate, now: number): Bucket {
    const bucket = this.#buckets[layer].at(key, () => ({ tokens: burst, filledAt: now }), now);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) * perMinute) / 60_000);
    bucket.filledAt = now;
    return bucket;
  }
}

/** A tool that names its rate alone keeps the usual proportion of the burst to it: 10 a minute are not 200 at once. */
function rateOfTool({ perMinute, burst }: ToolLimits, usual: Rate): Rate {
  if (perMinute === undefined) return { perMinute: usual.perMinute, burst: burst ?? usual.burst };
  return { perMinute, burst: burst ?? Math.ceil((perMinute * usual.burst) / usual.perMinute) };
}

function untilNextMs({ tokens }: Bucket, { perMinute }: Rate): number {
  return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60_000) / perMinute);
}
