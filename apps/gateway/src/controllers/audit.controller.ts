import { Controller, StreamableFile } from '@nestjs/common';
import { AuditEntry } from '@patchbay/contracts/audit';
import { credentials } from '@patchbay/contracts/credentials';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';
import { AuditExport, type ExportQuery } from '../outside/audit-export.ts';

const EXPORT = {
  summary: 'The whole audit log as a file, one entry a line as JSON, newest first. A file that ends without an error is complete.',
  input: credentials.listAudit.input.omit({ limit: true, before: true }),
  output: AuditEntry,
  errors: [],
};

/** The whole log is read: some thousand entries a second. */
const VERIFY_WAIT = { timeoutMs: 60_000 };

@Controller()
export class AuditController {
  constructor(
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    private readonly auditExport: AuditExport,
  ) {}

  @Route('GET /v1/audit', credentials.listAudit, { permission: 'audit:read' })
  list(@Input() input: RequestOf<typeof credentials.listAudit>) {
    return this.credentialsClient.listAudit(input);
  }

  @Route('GET /v1/audit/verify', credentials.verifyAudit, { permission: 'audit:read' })
  verify(@Input() input: RequestOf<typeof credentials.verifyAudit>) {
    return this.credentialsClient.verifyAudit(input, VERIFY_WAIT);
  }

  @Route('GET /v1/audit/export', EXPORT, { permission: 'audit:read', answer: 'ndjson' })
  async export(@Input() input: ExportQuery) {
    const day = new Date().toISOString().slice(0, 10);
    const disposition = `attachment; filename="audit-${input.organizationId}-${day}.ndjson"`;
    return new StreamableFile(await this.auditExport.open(input), { type: 'application/x-ndjson', disposition });
  }
}
