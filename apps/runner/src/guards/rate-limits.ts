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

/** Calls that one runner has let through, for the buckets of the others. */
export interface SpentCalls extends Rate {
  layer: RateLimitLayer;
  key: string;
  calls: number;
}

interface Bucket {
  layer: RateLimitLayer;
  key: string;
  rate: Rate;
  /** Below zero when several runners have let calls through at the same moment. */
  tokens: number;
  filledAt: number;
  /** Calls that the other runners have not been told of. */
  untold: number;
}

const ALLOWED: RateDecision = { allowed: true };
/** A bucket forgotten starts full again: an hour fills every burst up to sixty times its rate per minute. */
const KEPT = { idleMs: 3_600_000, maxKeys: 100_000 };

/**
 * What an organization may call in all, what each of its tools may be called, and what its tests may send. Tests draw from a bucket of their
 * own, so that they never cost a live call its turn; the tool's limit protects its provider from both. Every runner fills its buckets by the
 * whole rate, and hears what the others have let through.
 */
export class RateLimits {
  readonly #buckets: Record<RateLimitLayer, RecentMap<Bucket>>;
  #untold: Bucket[] = [];
  #onSpent: () => void = () => undefined;

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
      this.#spend(own);
      this.#spend(tool);
      return ALLOWED;
    }
    const retryAfterMs = Math.max(untilNextMs(own, ownRate), untilNextMs(tool, toolRate));
    return { allowed: false, layer: own.tokens < 1 ? ownLayer : 'tool', retryAfterMs };
  }

  /** `listener` is called when there is something to tell the others, and again when there is after that was taken. */
  onSpent(listener: () => void): void {
    this.#onSpent = listener;
  }

  /** What was let through here since this was last asked. */
  takeSpent(): SpentCalls[] {
    const untold = this.#untold;
    this.#untold = [];
    return untold.map((bucket) => {
      const calls = bucket.untold;
      bucket.untold = 0;
      return { layer: bucket.layer, key: bucket.key, ...bucket.rate, calls };
    });
  }

  /** What another runner has let through; no bucket owes more than one burst. */
  spentElsewhere(spent: readonly SpentCalls[]): void {
    if (this.rules === null) return;
    const now = this.clock();
    for (const { layer, key, perMinute, burst, calls } of spent) {
      const bucket = this.#fill(layer, key, { perMinute, burst }, now);
      bucket.tokens = Math.max(-burst, bucket.tokens - calls);
    }
  }

  #spend(bucket: Bucket): void {
    bucket.tokens--;
    if (bucket.untold++ > 0) return;
    if (this.#untold.push(bucket) === 1) this.#onSpent();
  }

  #fill(layer: RateLimitLayer, key: string, rate: Rate, now: number): Bucket {
    const { perMinute, burst } = rate;
    const bucket = this.#buckets[layer].at(key, () => ({ layer, key, rate, tokens: burst, filledAt: now, untold: 0 }), now);
    bucket.rate = rate;
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
