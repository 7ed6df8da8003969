import { Inject, Injectable } from '@nestjs/common';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { DataSource } from 'typeorm';
import { ConnectionSecretTable } from '../tables/connection-secret.table.ts';
import { openSecret, sealSecret, type SecretOwner } from './keys/envelope.ts';
import { KEY_PROVIDER, type KeyProvider, type Unreadable } from './keys/key-provider.ts';
import { columnsOf, envelopeOf, keyOf } from './secret-store.ts';

export interface KeyUse {
  keyId: string;
  secrets: number;
  /** Why the first of them cannot be read; null when it can. */
  unreadable: Unreadable | null;
}

export interface Resealed {
  /** How many rows were looked at; fewer than the batch: that was the last one. */
  seen: number;
  resealed: SecretOwner[];
  unreadable: (SecretOwner & { keyId: string; reason: Unreadable })[];
  /** Where the next batch begins. */
  after: SecretOwner | null;
}

const BATCH = 50;

/** All stored secrets, of every organization, as those who change the key see them. */
@Injectable()
export class SealedSecrets {
  constructor(
    private readonly source: DataSource,
    @Inject(KEY_PROVIDER) private readonly keys: KeyProvider,
  ) {}

  async countByKey(): Promise<KeyUse[]> {
    return acrossOrganizations(this.source, async (tx) => {
      const counted: { kek_id: string; secrets: number }[] = await tx.query(
        'select kek_id, count(*)::int as secrets from connection_secrets group by kek_id order by kek_id',
      );
      const uses: KeyUse[] = [];
      for (const { kek_id: keyId, secrets } of counted) uses.push({ keyId, secrets, unreadable: await this.#problemOf(tx, keyId) });
      return uses;
    });
  }

  /**
   * Seals a batch of secrets under the current key, data key and all: the key id is authenticated with both layers. One that somebody
   * holds is skipped and found again in the next pass.
   */
  async resealBatch(after: SecretOwner | null): Promise<Resealed> {
    const current = await this.keys.currentKeyId();
    return acrossOrganizations(this.source, async (tx) => {
      const rows = await this.#rowsUnderOtherKeys(tx, current, after);
      const batch: Resealed = { seen: rows.length, resealed: [], unreadable: [], after: rows.length > 0 ? ownerOf(rows.at(-1)!) : null };
      for (const row of rows) {
        const owner = ownerOf(row);
        const opened = await openSecret(owner, envelopeOf(row), this.keys);
        if ('unreadable' in opened) {
          batch.unreadable.push({ ...owner, keyId: row.kek_id, reason: opened.unreadable });
          continue;
        }
        await tx.update(ConnectionSecretTable, keyOf(owner), columnsOf(await sealSecret(owner, opened.secret, this.keys)));
        batch.resealed.push(owner);
      }
      return batch;
    });
  }

  async #rowsUnderOtherKeys(tx: Transaction, current: string, after: SecretOwner | null): Promise<ConnectionSecretTable[]> {
    return tx.query(
      `select * from connection_secrets
       where kek_id <> $1 and (org_id, connection_id, purpose, version) > ($2, $3, $4, $5)
       order by org_id, connection_id, purpose, version limit ${BATCH} for update skip locked`,
      [current, after?.organizationId ?? '', after?.connectionId ?? '', after?.purpose ?? '', after?.version ?? 0],
    );
  }

  async #problemOf(tx: Transaction, keyId: string): Promise<Unreadable | null> {
    const [row]: ConnectionSecretTable[] = await tx.query('select * from connection_secrets where kek_id = $1 limit 1', [keyId]);
    const opened = row ? await openSecret(ownerOf(row), envelopeOf(row), this.keys) : { secret: '' };
    return 'unreadable' in opened ? opened.unreadable : null;
  }
}

function ownerOf({ org_id, connection_id, purpose, version }: ConnectionSecretTable): SecretOwner {
  return { organizationId: org_id, connectionId: connection_id, purpose, version };
}
