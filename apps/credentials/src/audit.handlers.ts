import { Controller } from '@nestjs/common';
import { changes } from '@patchbay/contracts/audit';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Consumes, Handles, type EventOf } from '@patchbay/service-kit/messaging/handles';
import { DataSource } from 'typeorm';
import { AuditLog } from './outside/audit.repository.ts';
import { RecordChange } from './use-cases/record-change.ts';
import { VerifyAudit } from './use-cases/verify-audit.ts';

/** The log of what was changed and used, in whichever service. */
@Controller()
export class AuditHandlers {
  constructor(
    private readonly source: DataSource,
    private readonly log: AuditLog,
    private readonly recordChange: RecordChange,
    private readonly verifyAudit: VerifyAudit,
  ) {}

  @Handles(credentials.listAudit)
  async entries(input: InputOf<typeof credentials.listAudit>) {
    return { entries: await inOrganization(this.source, input.organizationId, (tx) => this.log.list(tx, input)) };
  }

  @Handles(credentials.verifyAudit)
  verified(input: InputOf<typeof credentials.verifyAudit>) {
    return this.verifyAudit.run(input);
  }

  @Consumes(changes.catalog.changeRecorded)
  catalogChanged(event: EventOf<typeof changes.catalog.changeRecorded>) {
    return this.recordChange.run(event);
  }

  @Consumes(changes.agents.changeRecorded)
  agentsChanged(event: EventOf<typeof changes.agents.changeRecorded>) {
    return this.recordChange.run(event);
  }

  @Consumes(changes.workflows.changeRecorded)
  workflowsChanged(event: EventOf<typeof changes.workflows.changeRecorded>) {
    return this.recordChange.run(event);
  }
}
