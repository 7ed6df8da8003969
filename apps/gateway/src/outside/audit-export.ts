import { Injectable } from '@nestjs/common';
import { context } from '@opentelemetry/api';
import type { AuditEntry } from '@patchbay/contracts/audit';
import { credentials } from '@patchbay/contracts/credentials';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Readable } from 'node:stream';

/** The most that one page may hold. */
const PAGE_ENTRIES = 200;

export interface ExportQuery {
  organizationId: string;
  action?: string;
  objectId?: string;
}

/** The audit log as lines of JSON, newest first, read page by page while it is sent. */
@Injectable()
export class AuditExport {
  constructor(@Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>) {}

  /** The first page is read before anything is sent, so that what stands in the way is still a typed answer. A later failure cuts the stream. */
  async open(query: ExportQuery): Promise<Readable> {
    const asked = context.active();
    const page = (before?: string) => context.with(asked, () => this.#page(query, before));
    return Readable.from(linesOf(await page(), page));
  }

  async #page({ organizationId, action, objectId }: ExportQuery, before?: string): Promise<AuditEntry[]> {
    const { entries } = await this.credentialsClient.listAudit({
      organizationId,
      action,
      objectId,
      limit: PAGE_ENTRIES,
      before,
    });
    return entries;
  }
}

async function* linesOf(first: AuditEntry[], next: (before?: string) => Promise<AuditEntry[]>): AsyncGenerator<string> {
  for (let entries = first; entries.length > 0;) {
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    if (entries.length < PAGE_ENTRIES) return;
    entries = await next(entries.at(-1)!.auditId);
  }
}
