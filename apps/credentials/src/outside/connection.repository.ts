import { Injectable } from '@nestjs/common';
import type { Connection } from '@patchbay/contracts/credentials';
import { ServiceError } from '@patchbay/contracts/errors';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import type { Envelope, SecretOwner } from './envelope.ts';
import { ConnectionSecretTable } from '../tables/connection-secret.table.ts';
import { ConnectionTable } from '../tables/connection.table.ts';

@Injectable()
export class ConnectionRepository {
  async insert(tx: Transaction, organizationId: string, connection: Connection): Promise<void> {
    const { connectionId, name, provider, kind, hint, sandbox, version, createdAt } = connection;
    const row = {
      org_id: organizationId,
      connection_id: connectionId,
      name,
      provider,
      kind,
      hint,
      sandbox,
      version,
      created_at: new Date(createdAt),
    };
    await tx.insert(ConnectionTable, row).catch((error: unknown) => {
      if (!violates(error, 'connections_org_id_name_unique')) throw error;
      throw ServiceError.fields('conflict', 'A connection with this name exists already.', [
        { path: 'name', problem: 'is taken' },
      ]);
    });
  }

  async insertSecret(tx: Transaction, owner: SecretOwner, { alg, keyId, wrappedKey, secret }: Envelope): Promise<void> {
    await tx.insert(ConnectionSecretTable, {
      org_id: owner.organizationId,
      connection_id: owner.connectionId,
      version: owner.version,
      alg,
      kek_id: keyId,
      wrapped_dek: wrappedKey.ciphertext,
      dek_iv: wrappedKey.iv,
      dek_tag: wrappedKey.tag,
      iv: secret.iv,
      tag: secret.tag,
      ciphertext: secret.ciphertext,
    });
  }

  async get(tx: Transaction, organizationId: string, connectionId: string): Promise<Connection> {
    const row = await tx.findOneBy(ConnectionTable, { org_id: organizationId, connection_id: connectionId });
    if (!row) throw new ServiceError('not_found', `The organization has no connection ${connectionId}.`);
    return view(row);
  }

  /** In the order they were made; ids sort by time. */
  async list(tx: Transaction, organizationId: string): Promise<Connection[]> {
    const rows = await tx.find(ConnectionTable, { where: { org_id: organizationId }, order: { connection_id: 'ASC' } });
    return rows.map(view);
  }

  async findSecret(tx: Transaction, { organizationId, connectionId, version }: SecretOwner): Promise<Envelope | null> {
    const row = await tx.findOneBy(ConnectionSecretTable, {
      org_id: organizationId,
      connection_id: connectionId,
      version,
    });
    return row && envelope(row);
  }
}

function view({ connection_id, name, provider, kind, hint, sandbox, version, created_at }: ConnectionTable): Connection {
  return { connectionId: connection_id, name, provider, kind, hint, sandbox, version, createdAt: created_at.toISOString() };
}

function envelope(row: ConnectionSecretTable): Envelope {
  return {
    alg: row.alg,
    keyId: row.kek_id,
    wrappedKey: { iv: row.dek_iv, tag: row.dek_tag, ciphertext: row.wrapped_dek },
    secret: { iv: row.iv, tag: row.tag, ciphertext: row.ciphertext },
  };
}
