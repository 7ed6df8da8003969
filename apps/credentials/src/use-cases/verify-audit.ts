import { Injectable } from '@nestjs/common';
import type { audit } from '@patchbay/contracts/audit';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { hashOf } from '@patchbay/service-kit/database/change';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { ChainCheck } from '../domain/audit-chain.ts';
import { AuditLog } from '../outside/audit.repository.ts';

/** About a megabyte; between two pages others get their turn. */
const PAGE = 1_000;

/** Reads the whole log of an organization and says whether every entry is what it was when it was written. */
@Injectable()
export class VerifyAudit {
  constructor(
    private readonly source: DataSource,
    private readonly log: AuditLog,
  ) {}

  async run({ organizationId }: InputOf<typeof audit.verifyAudit>): Promise<ReplyOf<typeof audit.verifyAudit>> {
    const check = new ChainCheck(organizationId, hashOf);
    for (let after = 0; ; ) {
      const entries = await inOrganization(this.source, organizationId, (tx) => this.log.listFrom(tx, organizationId, after, PAGE));
      check.take(entries);
      if (entries.length < PAGE) return check.result;
      after = entries.at(-1)!.sequence;
    }
  }
}
