import { Inject, Injectable } from '@nestjs/common';
import { changes } from '@patchbay/contracts/audit';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import type { workflows } from '@patchbay/contracts/workflows';
import { recordChange } from '@patchbay/service-kit/database/change';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { DataSource } from 'typeorm';
import { urlProblem } from '../domain/webhook-url.ts';
import { WebhookRepository } from '../outside/webhook.repository.ts';

export const ALLOW_HTTP = Symbol('allow http');

/** The signing secret is made and kept by credentials; it passes through here once, sealed for whoever asked, on its way to the receiver. */
@Injectable()
export class CreateWebhook {
  constructor(
    private readonly source: DataSource,
    private readonly webhooks: WebhookRepository,
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    @Inject(ALLOW_HTTP) private readonly allowHttp: boolean,
  ) {}

  async run({
    organizationId,
    url,
    events,
    sealTo,
  }: InputOf<typeof workflows.createWebhook>): Promise<ReplyOf<typeof workflows.createWebhook>> {
    const problem = urlProblem(url, { allowHttp: this.allowHttp });
    if (problem) throw ServiceError.fields('invalid_arguments', `url ${problem}.`, [{ path: 'url', problem }]);
    // The constraint would say so too, but only after a secret was made that nothing uses.
    await inOrganization(this.source, organizationId, (tx) => this.webhooks.requireNewUrl(tx, organizationId, url));
    const webhookId = newId('webhook');
    const { connection, secret } = await this.credentialsClient.createSigningSecret({
      organizationId,
      name: `webhook ${webhookId}`,
      origins: [new URL(url).origin],
      ...(sealTo ? { sealTo } : {}),
    });
    const row = {
      org_id: organizationId,
      webhook_id: webhookId,
      url,
      events: [...new Set(events)],
      connection_id: connection.connectionId,
      created_at: new Date(),
    };
    const webhook = await inOrganization(this.source, organizationId, async (tx) => {
      const after = await this.webhooks.insert(tx, row);
      const object = { kind: 'webhook', id: webhookId };
      await recordChange(tx, changes.workflows.changeRecorded, { organizationId, action: 'webhook.created', object, after });
      return after;
    });
    return { ...webhook, secret };
  }
}
