import { Injectable } from '@nestjs/common';
import type { SendResult } from '@patchbay/egress/send-result';
import { refused, type Verdict } from '../domain/verdict.ts';
import { Bulkhead } from '../guards/bulkhead.ts';
import { callHealth } from '../guards/call-health.ts';
import { CircuitBreakers } from '../guards/circuit-breakers.ts';
import type { CompiledFunction } from './agent-functions.ts';

/** A request that may leave; `leave` says how it went, and gives its place back. */
export interface Admitted {
  leave(sent: SendResult | undefined, givenMs: number): void;
}

const BUSY_RETRY_MS = 250;

/** The way to a provider: shut while its breaker is open, and never wider than its bulkhead. */
@Injectable()
export class ProviderGate {
  constructor(
    private readonly bulkhead: Bulkhead,
    private readonly breakers: CircuitBreakers,
  ) {}

  /** `effect` is that of the request: verifying a write is a read. */
  enter(called: CompiledFunction, organizationId: string, leftMs: number, effect = called.effect): Admitted | Verdict | Promise<Admitted | Verdict> {
    const providerKey = called.providerKey!;
    const passage = this.breakers.enter(providerKey, effect);
    if (!passage.allowed) {
      return refused('rejected', 'breaker_open', 'The provider is not answering at the moment. Nothing was sent.', { retryAfterMs: passage.retryAfterMs });
    }
    const admit = (release: (() => void) | null): Admitted | Verdict => {
      if (release === null) {
        this.breakers.record(providerKey, 'ignored', passage);
        return refused('rejected', 'overloaded', 'Too many requests to this provider are under way. Nothing was sent.', { retryAfterMs: BUSY_RETRY_MS });
      }
      const leave = (sent: SendResult | undefined, givenMs: number) => {
        release();
        const health = sent ? callHealth(sent, { givenMs, timeoutMs: called.timeoutMs }) : 'ignored';
        this.breakers.record(providerKey, health, passage);
      };
      return { leave };
    };
    const place = this.bulkhead.enter({ providerKey, toolId: `${organizationId} ${called.toolId}`, concurrent: called.limits?.concurrent, leftMs });
    return place instanceof Promise ? place.then(admit) : admit(place);
  }
}
