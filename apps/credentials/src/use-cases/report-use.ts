import { Injectable } from '@nestjs/common';
import type { credentials } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { isRefreshed } from '../domain/connection-health.ts';
import { requireConnectionId } from '../domain/connection-kinds.ts';
import { ConnectionFeed } from '../outside/connection-feed.ts';
import { ConnectionRepository } from '../outside/connection.repository.ts';
import { DueChecks } from '../outside/due-checks.ts';
import { AccessTokens } from '../outside/oauth/access-tokens.ts';

/** Real traffic is the best check there is: a refusal counts at once, and where the connection has a check, that is asked right after. */
@Injectable()
export class ReportUse {
  constructor(
    private readonly source: DataSource,
    private readonly connections: ConnectionRepository,
    private readonly tokens: AccessTokens,
    private readonly feed: ConnectionFeed,
    private readonly dueChecks: DueChecks,
  ) {}

  async run({ organizationId, connectionId, version, use, byFallback, status }: InputOf<typeof credentials.reportUse>): Promise<Record<string, never>> {
    requireConnectionId(connectionId);
    const ref = { organizationId, connectionId };
    await inOrganization(this.source, organizationId, async (tx) => {
      const event = { kind: 'used', at: new Date(), version, use, byFallback, status } as const;
      const after = await this.connections.recordHealth(tx, organizationId, connectionId, event);
      if (use === 'refused' && version === after.version && isRefreshed(after)) await this.tokens.refused(tx, ref);
    });
    await this.feed.publishNews(ref);
    if (use === 'refused') this.dueChecks.announce();
    return {};
  }
}
