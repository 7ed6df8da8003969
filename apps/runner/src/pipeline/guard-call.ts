import { Injectable } from '@nestjs/common';
import { CircuitBreakers } from '../guards/circuit-breakers.ts';
import { mayPass } from '../guards/circuit-breaker.ts';
import { EventLoopLag } from '../guards/event-loop-lag.ts';
import { unavailableFunctions } from '../guards/menu.ts';
import { notReady } from '../guards/readiness.ts';
import { RateLimits } from '../guards/rate-limits.ts';
import { writeFence } from '../guards/write-fence.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { CredentialCache } from '../outside/credential-cache.ts';
import { ConnectionStates } from '../outside/connection-states.ts';
import { MenuSource } from '../outside/menu-source.ts';
import type { Invocation, Step } from './invocation.ts';

/** How soon an overloaded process is worth another try. */
const OVERLOAD_RETRY_MS = 500;

/** What is refused before anything is asked or committed: a provider that is down, an overloaded process, too many calls, a write out of a test. All in memory. */
@Injectable()
export class GuardCall implements Step {
  constructor(
    private readonly limits: RateLimits,
    private readonly lag: EventLoopLag,
    private readonly breakers: CircuitBreakers,
    private readonly credentials: CredentialCache,
    private readonly connections: ConnectionStates,
    private readonly menu: MenuSource,
  ) {}

  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined> {
    if (invocation.session!.channel === 'test' && invocation.function!.mock !== undefined) return this.#mock(invocation);
    const refusal = this.#connection(invocation) ?? this.#breaker(invocation) ?? this.#overload(invocation) ?? this.#fence(invocation);
    // Last, because it takes something: what is refused anyway must not use up a test's few calls.
    return refusal instanceof Promise ? refusal.then((fenced) => fenced ?? this.#limit(invocation)) : (refusal ?? this.#limit(invocation));
  }

  /** An account that does not work is known before a call finds out. */
  #connection({ organizationId, function: called, speech }: Invocation): Verdict | undefined {
    const { connectionId } = called!;
    const problem = connectionId === null ? null : notReady(this.connections.get(organizationId, connectionId), called!, speech.language);
    return problem ? { ...refused('rejected', problem.reason, problem.message), say: problem.say } : undefined;
  }

  #breaker({ organizationId, function: called, speech }: Invocation): Verdict | undefined {
    const { providerKey, effect } = called!;
    if (providerKey === null || mayPass(this.breakers.state(providerKey), effect)) return undefined;
    const [unavailable] = unavailableFunctions([called!], this.menu.facts(organizationId), speech.language);
    return { ...refused('rejected', 'breaker_open', 'The provider is not answering at the moment. Nothing was sent.'), say: unavailable?.say ?? '' };
  }

  #limit({ organizationId, session, function: called }: Invocation): Verdict | undefined {
    const { toolId, limits } = called!;
    const rate = this.limits.take({ organizationId, toolId, channel: session!.channel, limits });
    if (rate.allowed) return undefined;
    const whose = rate.layer === 'test' ? 'organization in tests' : rate.layer;
    return refused('rejected', 'rate_limited', `Too many calls of this ${whose}. Nothing was sent.`, { retryAfterMs: rate.retryAfterMs });
  }

  #overload({ changesTheWorld }: Invocation): Verdict | undefined {
    if (changesTheWorld || !this.lag.isTooLong) return undefined;
    return refused('rejected', 'overloaded', 'Too much is going on. Nothing was sent.', { retryAfterMs: OVERLOAD_RETRY_MS });
  }

  /** In tests a mock answers in place of the provider, and no write leaves without one or a sandbox. */
  #fence(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined> {
    const { channel } = invocation.session!;
    if (channel !== 'test') return undefined;
    const { effect, mock, connectionId } = invocation.function!;
    const known = connectionId === null ? undefined : this.credentials.get(invocation.organizationId, connectionId);
    const decide = (isSandbox: boolean) => fenceVerdict(invocation, writeFence({ channel, effect, mock, isSandbox: () => isSandbox }));
    if (known || connectionId === null) return decide(known?.sandbox ?? false);
    const asked = this.credentials.resolve(invocation.organizationId, connectionId, Math.max(1, invocation.leftMs));
    return asked.then(
      ({ sandbox }) => decide(sandbox),
      // The step that needs the credential says what is wrong with it; here it is only no sandbox.
      () => decide(false),
    );
  }

  async #mock(invocation: Invocation): Promise<Verdict> {
    const { mock } = invocation.function!;
    invocation.decide('fence', 'mock', 'a test session, and the function has a mock');
    if (mock!.delayMs) await new Promise((resolve) => setTimeout(resolve, Math.min(mock!.delayMs!, Math.max(0, invocation.leftMs))));
    return { status: 'succeeded', result: mock!.result, ...(mock!.say ? { say: mock!.say } : {}) };
  }
}

function fenceVerdict(invocation: Invocation, decision: ReturnType<typeof writeFence>): Verdict | undefined {
  if (decision === 'send') return undefined;
  invocation.decide('fence', 'fenced', 'a test session, no sandbox and no mock');
  return refused('rejected', 'write_fenced', 'This is a test: the write was not sent, because its account is not a sandbox and it has no mock.');
}
