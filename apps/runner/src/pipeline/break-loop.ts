import { Injectable } from '@nestjs/common';
import { refused, type Verdict } from '../domain/verdict.ts';
import { LoopBreaker } from '../guards/loop-breaker.ts';
import type { Invocation, Step } from './invocation.ts';

/** A model that makes the same call again and again. After the ledger: a repeat costs no provider anything, and must get its outcome however often it comes. */
@Injectable()
export class BreakLoop implements Step {
  constructor(private readonly loops: LoopBreaker) {}

  run({ organizationId, input, canonicalArguments }: Invocation): Verdict | undefined {
    const loop = this.loops.take({ organizationId, sessionId: input.sessionId, function: input.function, argumentsHash: canonicalArguments });
    if (loop.allowed) return undefined;
    return refused('rejected', 'rate_limited', 'This call was made too often. Nothing was sent.', { retryAfterMs: loop.retryAfterMs, hint: loop.hint });
  }
}
