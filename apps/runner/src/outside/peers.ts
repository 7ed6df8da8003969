import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { Outcome } from '@patchbay/contracts/outcome';
import { RUNNER_PEERS } from '@patchbay/contracts/service-permissions';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { refused } from '../domain/verdict.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { RunningInvocations } from './running-invocations.ts';

/** Silence means that nobody runs it. */
const SILENCE_MS = 100;

/** An invocation by its id, or by its tool call while the edge does not know the id yet. */
export interface Wanted {
  organizationId: string;
  edgeId: string;
  invocationId?: string | undefined;
  sessionId?: string | undefined;
  toolCallId?: string | undefined;
  cancel: boolean;
}

/** The other runners: an invocation is found, and given up, wherever it runs. */
@Injectable()
export class Peers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #subscription: Subscription | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly running: RunningInvocations,
  ) {}

  onApplicationBootstrap(): void {
    this.#subscription = this.nats.subscribe(RUNNER_PEERS, {
      callback: (error, message) => {
        if (error) return;
        const outcome = this.#findHere(message.json<Wanted>());
        if (outcome) message.respond(JSON.stringify(outcome));
      },
    });
  }

  beforeApplicationShutdown(): void {
    this.#subscription?.unsubscribe();
  }

  /** The outcome as it stands of an invocation that runs here or elsewhere; null when none does. */
  async find(wanted: Wanted): Promise<Outcome | null> {
    const here = this.#findHere(wanted);
    if (here) return here;
    const reply = await this.nats.request(RUNNER_PEERS, JSON.stringify(wanted), { timeout: SILENCE_MS, noMux: true }).catch(() => null);
    return reply?.json<Outcome>() ?? null;
  }

  #findHere({ organizationId, edgeId, invocationId, sessionId, toolCallId, cancel }: Wanted): Outcome | null {
    const found = invocationId
      ? this.running.find(organizationId, edgeId, invocationId)
      : this.running.findByToolCall(organizationId, edgeId, sessionId ?? '', toolCallId ?? '');
    if (!found) return null;
    return cancel ? giveUp(found) : found.outcome();
  }
}

/** A read is given up; a write is finished, because it may have happened already. */
function giveUp(invocation: Invocation): Outcome {
  if (!invocation.function || invocation.verdict || EFFECT_RULES[invocation.function.effect].atBargeIn !== 'cancel') return invocation.outcome();
  invocation.cancel();
  return { ...invocation.outcome(), ...refused('cancelled', 'cancelled', 'It was cancelled.') };
}
