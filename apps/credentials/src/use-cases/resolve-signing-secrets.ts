import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { requireConnectionId, requireSigning } from '../domain/connection-kinds.ts';
import { requireUsable } from '../domain/connection-lifecycle.ts';
import { standIn } from '../domain/connection-rotation.ts';
import { AuditLog } from '../outside/audit.repository.ts';
import { ConnectionCredentials } from '../outside/connection-credentials.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { sealedSigningSecrets } from '../outside/sealed-answers.ts';

/** What a webhook is signed with: during a rotation with both, so that the receiver can change in between. */
@Injectable()
export class ResolveSigningSecrets {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly secrets: ConnectionCredentials,
    private readonly audit: AuditLog,
  ) {}

  async run(asked: InputOf<typeof credentials.resolveSigningSecrets>): Promise<ReplyOf<typeof credentials.resolveSigningSecrets>> {
    const { organizationId, connectionId, sealTo } = asked;
    requireConnectionId(connectionId);
    const signingSecrets = await inOrganization(this.source, organizationId, async (tx) => {
      const connection = await this.connections.get(tx, organizationId, connectionId);
      requireSigning(connection);
      requireUsable(connection);
      const previous = standIn(connection, new Date());
      const secrets: string[] = [];
      for (const { version } of previous ? [connection, previous] : [connection]) secrets.push(...(await this.secrets.ofVersion(tx, connection, version)).signingSecrets);
      const object = { kind: 'connection', id: connectionId, name: connection.name };
      await this.audit.append(tx, organizationId, { action: 'connection.resolved', object });
      return secrets;
    });
    return sealedSigningSecrets(signingSecrets, sealTo);
  }
}
