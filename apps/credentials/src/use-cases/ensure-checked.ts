import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { connectionIdsIn } from '../domain/connection-kinds.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { DueChecks } from '../outside/due-checks.ts';

/** Many calls begin at once: a connection is not asked after more often than this. */
const CHECKED_LATELY_MS = 60_000;

/** Answers at once: a call does not wait for the checks, it hears of what they find. */
@Injectable()
export class EnsureChecked {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly dueChecks: DueChecks,
  ) {}

  async run({ organizationId, connectionIds }: InputOf<typeof credentials.ensureChecked>): Promise<Record<string, never>> {
    const now = new Date();
    const checkedBefore = new Date(now.getTime() - CHECKED_LATELY_MS);
    const ids = connectionIdsIn(connectionIds);
    const due = await inOrganization(this.source, organizationId, (tx) => this.connections.hasten(tx, organizationId, ids, checkedBefore, now));
    if (due > 0) this.dueChecks.announce();
    return {};
  }
}
