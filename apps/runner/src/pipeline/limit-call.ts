import { Injectable } from '@nestjs/common';
import { refused, type Verdict } from '../domain/verdict.ts';
import { LoopBreaker } from '../guards/loop-breaker.ts';
import { RateLimits } from '../guards/rate-limits.ts';
import type { Invocation, Step } from './invocation.ts';

/** How often something may be sent. After the ledger: a repeat costs no provider anything, and must get its outcome however often it comes. */
@Injectable()
export class LimitCall implements Step {
  constructor(
    private readonly limits: RateLimits,
    private readonly loops: LoopBreaker,
  ) {}

  run({ organizationId, input, session, function: called, canonicalArguments }: Invocation): Verdict | undefined {
    const loop = this.loops.take({ organizationId, sessionId: input.sessionId, function: input.function, argumentsHash: canonicalArguments });
    if (!loop.allowed) {
      return refused('rejected', 'rate_limited', 'This call was made too often. Nothing was sent.', { retryAfterMs: loop.retryAfterMs, hint: loop.hint });
    }
    const { toolId, limits } = called!;
    const rate = this.limits.take({ organizationId, toolId, channel: session!.channel, limits });
    if (rate.allowed) return undefined;
    const whose = rate.layer === 'test' ? 'organization in tests' : rate.layer;
    return refused('rejected', 'rate_limited', `Too many calls of this ${whose}. Nothing was sent.`, { retryAfterMs: rate.retryAfterMs });
  }
}
