import { Inject, Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { ConnectionSecretTable } from '../tables/connection-secret.table.ts';
import { openSecret, sealSecret, type Envelope, type SecretOwner } from './keys/envelope.ts';
import { KEY_PROVIDER, type KeyProvider } from './keys/key-provider.ts';

/** Everything secret of a connection, encrypted. The only place where a secret is read or written. */
@Injectable()
export class SecretStore {
  constructor(
    @Inject(KEY_PROVIDER) private readonly keys: KeyProvider,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /** Rejects when this version exists already: a version never changes what it says. */
  async put(tx: Transaction, owner: SecretOwner, plain: string): Promise<void> {
    await tx.insert(ConnectionSecretTable, { ...keyOf(owner), ...columnsOf(await sealSecret(owner, plain, this.keys)) });
  }

  /** Rejects with `failed_precondition` when it is not there or cannot be read; why is in the log. */
  async open(tx: Transaction, owner: SecretOwner): Promise<string> {
    const row = await tx.findOneBy(ConnectionSecretTable, keyOf(owner));
    const opened = row ? await openSecret(owner, envelopeOf(row), this.keys) : ({ unreadable: 'row_lost' } as const);
    if ('secret' in opened) return opened.secret;
    this.logger.error({ ...owner, keyId: row?.kek_id, reason: opened.unreadable }, 'the secret of a connection cannot be read');
    throw new ServiceError('failed_precondition', 'The secret of this connection cannot be read any more; store it again.');
  }

  async destroy(tx: Transaction, owner: SecretOwner): Promise<void> {
    await tx.delete(ConnectionSecretTable, keyOf(owner));
  }
}

export function keyOf({ organizationId, connectionId, purpose, version }: SecretOwner) {
  return { org_id: organizationId, connection_id: connectionId, purpose, version };
}

export function columnsOf({ alg, keyId, wrappedKey, secret }: Envelope) {
  const { iv, tag, ciphertext } = secret;
  return { alg, kek_id: keyId, wrapped_dek: wrappedKey.ciphertext, dek_iv: wrappedKey.iv, dek_tag: wrappedKey.tag, iv, tag, ciphertext };
}

export function envelopeOf(row: ConnectionSecretTable): Envelope {
  return {
    alg: row.alg,
    keyId: row.kek_id,
    wrappedKey: { iv: row.dek_iv, tag: row.dek_tag, ciphertext: row.wrapped_dek },
    secret: { iv: row.iv, tag: row.tag, ciphertext: row.ciphertext },
  };
}
