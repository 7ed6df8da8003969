import { Inject, Injectable } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import type { workflows } from '@patchbay/contracts/workflows';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { DataSource } from 'typeorm';
import { urlProblem } from '../domain/webhook-url.ts';
import { WebhookRepository } from '../outside/webhook.repository.ts';

export const ALLOW_HTTP = Symbol('allow http');

/** The signing secret is made and kept by credentials; it passes through here once, on its way to the receiver. */
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
  }: InputOf<typeof workflows.createWebhook>): Promise<ReplyOf<typeof workflows.createWebhook>> {
    const problem = urlProblem(url, { allowHttp: this.allowHttp });
    if (problem) throw ServiceError.fields('invalid_arguments', `url ${problem}.`, [{ path: 'url', problem }]);
    // The constraint would say so too, but only after a secret was made that nothing uses.
    await this.webhooks.requireNewUrl(this.source.manager, organizationId, url);
    const webhookId = newId('webhook');
    const { connection, secret } = await this.credentialsClient.createSigningSecret({
      organizationId,
      name: `webhook ${webhookId}`,
    });
    const webhook = await this.webhooks.insert(this.source.manager, {
      org_id: organizationId,
      webhook_id: webhookId,
      url,
      events: [...new Set(events)],
      connection_id: connection.connectionId,
      created_at: new Date(),
    });
    return { ...webhook, secret };
  }
}
