import { Inject, Injectable } from '@nestjs/common';
import type { credentials, ResolvedConnection } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import { idOf } from '@patchbay/contracts/identity';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { resolved } from '../domain/connection.ts';
import type { Envelope, SecretOwner } from '../outside/envelope.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { KeyRing } from '../outside/key-ring.ts';

const ConnectionId = idOf('connection');

/** The one way out for a secret: as what a single request to its provider must carry. */
@Injectable()
export class ResolveConnection {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly keyRing: KeyRing,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run({
    organizationId,
    connectionId,
  }: InputOf<typeof credentials.resolveConnection>): Promise<ResolvedConnection> {
    // A function may name anything as its connection: PostgreSQL refuses some texts, and they are no connection of anyone's.
    if (!ConnectionId.safeParse(connectionId).success)
      throw new ServiceError('not_found', 'The organization has no such connection.');
    const connection = await this.connections.get(this.source.manager, organizationId, connectionId);
    const owner = { organizationId, connectionId, version: connection.version };
    const envelope = await this.connections.findSecret(this.source.manager, owner);
    return resolved(connection, this.#read(owner, envelope));
  }

  #read(owner: SecretOwner, envelope: Envelope | null): string {
    const opened = envelope ? this.keyRing.open(owner, envelope) : { unreadable: 'row_lost' };
    if ('secret' in opened) return opened.secret;
    this.logger.error(
      { ...owner, keyId: envelope?.keyId, reason: opened.unreadable },
      'the secret of a connection cannot be read',
    );
    throw new ServiceError(
      'failed_precondition',
      'The secret of this connection cannot be read any more; store it again.',
    );
  }
}
