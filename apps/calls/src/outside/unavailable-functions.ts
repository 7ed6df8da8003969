import { Inject, Injectable } from '@nestjs/common';
import type { ReplyOf } from '@patchbay/contracts/define';
import { runner } from '@patchbay/contracts/runner';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';

/** The caller waits for the greeting meanwhile, and the runner refuses such a call anyway. */
const TIMEOUT_MS = 100;

export type Unavailable = ReplyOf<typeof runner.listUnavailable>['unavailable'];

/** Which functions the runner would refuse now; nothing known is as good as none. */
@Injectable()
export class UnavailableFunctions {
  constructor(
    @Client(runner) private readonly runnerClient: ClientOf<typeof runner>,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async list(organizationId: string, versionId: string): Promise<Unavailable> {
    try {
      return (await this.runnerClient.listUnavailable({ organizationId, versionId }, { timeoutMs: TIMEOUT_MS })).unavailable;
    } catch (err) {
      this.logger.debug({ err, organizationId, versionId }, 'not known which functions are unavailable; the call starts with all of them');
      return [];
    }
  }
}
