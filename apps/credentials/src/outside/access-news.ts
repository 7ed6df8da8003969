import { Injectable } from '@nestjs/common';
import { accessEvents, type AccessChange } from '@patchbay/contracts/access';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { addToOutbox, OutboxRelay } from '@patchbay/service-kit/database/outbox';

/** Tells every gateway that somebody may do less than before: until it asks anew, it believes what it was told a few seconds ago. */
@Injectable()
export class AccessNews {
  constructor(private readonly relay: OutboxRelay) {}

  /** In the transaction that makes it true. */
  async add(tx: Transaction, organizationId: string, object: AccessChange['object']): Promise<void> {
    await addToOutbox(tx, accessEvents.accessChanged, { organizationId, payload: { object } });
  }

  /** After the commit: at once, and not only when the relay looks again. */
  send(): void {
    this.relay.wake();
  }
}
