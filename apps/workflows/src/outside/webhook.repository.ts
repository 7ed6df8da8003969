import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Webhook } from '@patchbay/contracts/workflows';
import { violates, type Transaction } from '@patchbay/service-kit/database/database';
import { WebhookTable } from '../tables/webhook.table.ts';

@Injectable()
export class WebhookRepository {
  async insert(tx: Transaction, row: WebhookTable): Promise<Webhook> {
    await tx.insert(WebhookTable, row).catch((error: unknown) => {
      throw violates(error, 'webhooks_org_id_url_unique') ? urlTaken() : error;
    });
    return view(row);
  }

  async requireNewUrl(tx: Transaction, organizationId: string, url: string): Promise<void> {
    if (await tx.existsBy(WebhookTable, { org_id: organizationId, url })) throw urlTaken();
  }

  async require(tx: Transaction, organizationId: string, webhookId: string): Promise<void> {
    const known = await tx.existsBy(WebhookTable, { org_id: organizationId, webhook_id: webhookId });
    if (!known) throw new ServiceError('not_found', `The organization has no webhook ${webhookId}.`);
  }

  /** In the order they were made; ids sort by time. */
  async list(tx: Transaction, organizationId: string): Promise<Webhook[]> {
    const rows = await tx.find(WebhookTable, { where: { org_id: organizationId }, order: { webhook_id: 'ASC' } });
    return rows.map(view);
  }

  async listSubscribed(tx: Transaction, organizationId: string, subject: string): Promise<{ webhook_id: string }[]> {
    return tx.query('select webhook_id from webhooks where org_id = $1 and $2 = any(events)', [
      organizationId,
      subject,
    ]);
  }
}

function urlTaken(): ServiceError {
  return ServiceError.fields('conflict', 'The organization has a webhook with this URL already.', [
    { path: 'url', problem: 'is taken' },
  ]);
}

function view({ webhook_id, url, events, created_at }: WebhookTable): Webhook {
  return { webhookId: webhook_id, url, events, createdAt: created_at.toISOString() };
}
