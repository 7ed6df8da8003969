import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { credentialsExpiry, overlapEnd } from '../domain/edge-credentials.ts';
import { AccessNews } from '../outside/access-news.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { EdgeCredentialsRepository } from '../outside/edge-credentials.repository.ts';
import { EdgeMinter } from '../outside/edge-minter.ts';
import { EdgeRepository, edgeView } from '../outside/edge.repository.ts';
import { sealedText } from '../outside/sealed-answers.ts';

/** An edge gets another key pair; those it had work until the overlap ends, so that a node changes over between two calls. */
@Injectable()
export class RenewEdge {
  constructor(
    private readonly source: DataSource,
    private readonly edges: EdgeRepository,
    private readonly keyPairs: EdgeCredentialsRepository,
    private readonly minter: EdgeMinter,
    private readonly audit: AuditLog,
    private readonly news: AccessNews,
  ) {}

  async run({
    organizationId,
    edgeId,
    overlapHours,
    expiresAfterDays,
    sealTo,
  }: InputOf<typeof credentials.renewEdge>): Promise<ReplyOf<typeof credentials.renewEdge>> {
    const now = new Date();
    const expiresAt = credentialsExpiry(expiresAfterDays, now);
    const renewal = await inOrganization(this.source, organizationId, async (tx) => {
      const row = await this.edges.lock(tx, organizationId, edgeId);
      if (row.revoked_at) throw new ServiceError('failed_precondition', 'This edge is revoked for ever; make a new edge.');
      const { publicKey, ...shownOnce } = await this.minter.mint({ organizationId, edgeId, name: row.name, expiresAt });
      const renewed = { ...row, nats_public_key: publicKey, expires_at: expiresAt };
      await this.keyPairs.endAll(tx, row, overlapEnd(overlapHours, expiresAt, now));
      await this.keyPairs.insert(tx, renewed, now);
      await this.edges.renew(tx, row, { nats_public_key: publicKey, expires_at: expiresAt });
      const [before, after] = [edgeView(row), edgeView(renewed)];
      await this.audit.append(tx, organizationId, {
        action: 'edge.renewed',
        object: { kind: 'edge', id: edgeId, name: row.name },
        before: { ...before, publicKey: row.nats_public_key },
        after: { ...after, publicKey },
      });
      await this.news.add(tx, organizationId, { kind: 'edge', id: edgeId });
      return { ...after, ...shownOnce };
    });
    this.news.send();
    return { ...renewal, credentials: await sealedText(renewal.credentials, sealTo) };
  }
}
