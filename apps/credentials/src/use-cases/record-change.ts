import { Injectable } from '@nestjs/common';
import type { Change } from '@patchbay/contracts/audit';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { firstDelivery } from '@patchbay/service-kit/database/outbox';
import { DataSource } from 'typeorm';
import { AuditLog } from '../outside/audit.repository.ts';

/** What the consumer hands over of an event. */
export interface ChangeTold {
  id: string;
  organizationId: string;
  occurredAt: string;
  payload: Change;
}

/** Puts a change that another service made into the log, once however often it is told. */
@Injectable()
export class RecordChange {
  constructor(
    private readonly source: DataSource,
    private readonly log: AuditLog,
  ) {}

  async run(event: ChangeTold): Promise<void> {
    await inOrganization(this.source, event.organizationId, async (tx) => {
      if (!(await firstDelivery(tx, event))) return;
      await this.log.record(tx, event.organizationId, event.payload, new Date(event.occurredAt));
    });
  }
}
