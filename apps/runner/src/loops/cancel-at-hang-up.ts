import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { RunningInvocations } from '../outside/running-invocations.ts';
import { Sessions } from '../outside/sessions.ts';

/** Nobody waits for a read any more when the caller has hung up; writes are finished and settled. */
@Injectable()
export class CancelAtHangUp implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #stop: () => void = () => undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly running: RunningInvocations,
  ) {}

  onApplicationBootstrap(): void {
    this.#stop = this.sessions.onEnd(({ organizationId, sessionId }) => {
      for (const invocation of this.running.ofSession(organizationId, sessionId)) {
        const { function: called, verdict } = invocation;
        if (called && !verdict && EFFECT_RULES[called.effect].atHangUp === 'cancel') invocation.cancel();
      }
    });
  }

  beforeApplicationShutdown(): void {
    this.#stop();
  }
}
