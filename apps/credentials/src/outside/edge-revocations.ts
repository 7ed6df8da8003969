import { Injectable } from '@nestjs/common';
import { acrossOrganizations } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { AccountRevocations } from './account-revocations.ts';
import { EdgeCredentialsRepository } from './edge-credentials.repository.ts';

/** Tells NATS which key pairs of edges have ended, so that it cuts their connections and lets them in no more. */
@Injectable()
export class EdgeRevocations {
  constructor(
    private readonly source: DataSource,
    private readonly credentials: EdgeCredentialsRepository,
    private readonly account: AccountRevocations,
  ) {}

  /** Resolves when NATS holds the whole list; what it was told is marked only then. */
  async publish(now: Date): Promise<void> {
    await acrossOrganizations(this.source, async (tx) => {
      await this.credentials.lockPublishing(tx);
      const revoked = await this.credentials.listRevoked(tx, now);
      await this.account.publish(revoked.map(({ public_key, revoked_at }) => ({ publicKey: public_key, at: revoked_at })));
      await this.credentials.markPublished(tx, now);
    });
  }

  async isDue(now: Date): Promise<boolean> {
    return acrossOrganizations(this.source, (tx) => this.credentials.hasUnpublished(tx, now));
  }
}
