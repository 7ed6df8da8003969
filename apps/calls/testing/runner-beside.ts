import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { ServiceError } from '@patchbay/contracts/errors';
import { InvocationRecord, runner } from '@patchbay/contracts/runner';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { fakeService } from '@patchbay/testing/fake-service';
import { EventEmitter, once } from 'node:events';

/** The runner as calls sees it: what it is told happened, what it would refuse, and what it was asked to offer again. */
export class RunnerBeside {
  readonly offered: string[] = [];
  unavailable: { name: string; reason: string; say: string }[] = [];
  refusesToOffer = false;
  /** As a runner of a release before pages does. */
  ignoresPages = false;
  /** How many invocations were in each answer. */
  readonly listed: number[] = [];
  readonly #invocations: InvocationRecord[] = [];
  readonly #asked = new EventEmitter();
  #subscriptions: Subscription[] = [];

  constructor(private readonly nats: NatsConnection) {
    this.comeBack();
  }

  comeBack(): void {
    this.#subscriptions = fakeService(this.nats, runner, {
      countSettling: async () => ({ settling: 1 }),
      listInvocations: async ({ sessionId, after = '', limit = Infinity }) => {
        const left = this.#invocations.filter((one) => one.sessionId === sessionId && (one.invocationId > after || this.ignoresPages));
        const invocations = this.ignoresPages ? left : left.slice(0, limit);
        this.listed.push(invocations.length);
        return { invocations, next: invocations.length < left.length ? invocations.at(-1)!.invocationId : null };
      },
      listUnavailable: async () => ({ unavailable: this.unavailable }),
      offerAgain: async ({ invocationId }) => {
        this.offered.push(invocationId);
        this.#asked.emit('offer', invocationId);
        if (this.refusesToOffer) throw new ServiceError('internal', 'no');
        return { offered: true };
      },
    });
  }

  goAway(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  /** Something happened in a session. */
  add(sessionId: string, name: string, more: Partial<InvocationRecord> = {}): string {
    const invocationId = newId('invocation');
    const record = InvocationRecord.parse({
      invocationId,
      sessionId,
      turnId: 'trn_0',
      toolCallId: 'call_1',
      function: name,
      effect: 'read',
      arguments: {},
      status: 'succeeded',
      receivedAt: new Date().toISOString(),
      durationMs: 12,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      attempts: [],
      ...more,
    });
    this.#invocations.push(record);
    return invocationId;
  }

  /** Resolves at the next offer that is asked for. */
  async nextOffer(): Promise<void> {
    await once(this.#asked, 'offer');
  }
}
