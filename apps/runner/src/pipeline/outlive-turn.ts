import { Inject, Injectable } from '@nestjs/common';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { PendingRepository } from '../outside/pending.repository.ts';
import { RunnerLease } from '../outside/runner-lease.ts';
import { inTime, LATE, REPLY_RESERVE_MS } from './in-time.ts';
import type { Invocation, Step } from './invocation.ts';

/** What takes longer than the turn has left is answered `pending` now and goes on behind the reply, in its own time. */
@Injectable()
export class OutliveTurn implements Step {
  constructor(
    private readonly source: DataSource,
    private readonly pending: PendingRepository,
    private readonly lease: RunnerLease,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  run(invocation: Invocation): undefined | Promise<undefined> {
    return outlivesTurn(invocation) ? this.#goOn(invocation) : undefined;
  }

  async #goOn(invocation: Invocation): Promise<undefined> {
    const { organizationId, invocationId } = invocation;
    invocation.decide('turn', 'goes on', 'the function takes longer than the turn has left');
    if (!invocation.committed) invocation.leaseTerm = this.lease.term;
    try {
      // On record before it is told: whatever becomes of this process, what was accepted ends.
      const keeping = inOrganization(this.source, organizationId, (tx) => this.pending.add(tx, invocation, this.lease.runnerId));
      const kept = await inTime(keeping, invocation.replyLeftMs - REPLY_RESERVE_MS);
      if (kept === LATE) this.logger.warn({ invocationId }, 'an invocation goes on before it is on record as pending');
    } catch (err) {
      this.logger.warn({ err, invocationId }, 'an invocation goes on that is not on record as pending: it ends with this process');
    }
    invocation.goOn();
  }
}

export function outlivesTurn({ function: called, leftMs }: Invocation): boolean {
  return called?.poll !== undefined || (called?.expectedMs ?? 0) > Math.max(0, leftMs);
}
