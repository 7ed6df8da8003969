import { Inject, Injectable } from '@nestjs/common';
import { credentials } from '@patchbay/contracts/credentials';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { runner } from '@patchbay/contracts/runner';
import { unavailableFunctions } from '../guards/menu.ts';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { AgentFunctions } from '../outside/agent-functions.ts';
import { MenuSource } from '../outside/menu-source.ts';

/** As many as `ensure_checked` takes. */
const MAX_CONNECTIONS = 100;

/** What of a version cannot be called now, with a sentence to say; as this runner has seen its providers. */
@Injectable()
export class ListUnavailable {
  constructor(
    private readonly functions: AgentFunctions,
    private readonly menu: MenuSource,
    @Client(credentials) private readonly credentialsClient: ClientOf<typeof credentials>,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run({ organizationId, versionId }: InputOf<typeof runner.listUnavailable>): Promise<ReplyOf<typeof runner.listUnavailable>> {
    const agent = await this.functions.find(organizationId, versionId);
    if (!agent) return { unavailable: [] };
    this.#check(organizationId, [...agent.functions.values()].flatMap(({ connectionId }) => connectionId ?? []));
    return { unavailable: unavailableFunctions(agent.functions.values(), this.menu.facts(organizationId), agent.speech.language) };
  }

  /** A call is about to begin: what of its connections was not tried lately is tried now. What comes of it changes the menu while it rings. */
  #check(organizationId: string, connectionIds: string[]): void {
    if (connectionIds.length === 0) return;
    this.credentialsClient
      .ensureChecked({ organizationId, connectionIds: [...new Set(connectionIds)].slice(0, MAX_CONNECTIONS) })
      .catch((err: unknown) => this.logger.warn({ err }, 'the connections of a call could not be checked'));
  }
}
