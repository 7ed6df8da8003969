import { Inject, Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { refused, type Verdict } from '../domain/verdict.ts';
import { CredentialCache } from '../outside/credential-cache.ts';
import type { Invocation, Step } from './invocation.ts';

/** What the request must carry, from the connection that the deployed version names; never from the request. */
@Injectable()
export class ResolveCredential implements Step {
  constructor(
    private readonly credentials: CredentialCache,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined> {
    const { connectionId } = invocation.function!;
    if (connectionId === null) return undefined;
    invocation.credential = this.credentials.get(invocation.organizationId, connectionId);
    return invocation.credential ? undefined : this.#resolve(invocation, connectionId);
  }

  async #resolve(invocation: Invocation, connectionId: string): Promise<Verdict | undefined> {
    try {
      const timeoutMs = Math.max(1, invocation.deadline?.remainingMs ?? 1000);
      invocation.credential = await this.credentials.resolve(invocation.organizationId, connectionId, timeoutMs, invocation.invocationId);
      return undefined;
    } catch (err) {
      const code = err instanceof ServiceError ? err.code : 'internal';
      if (code === 'not_found') return refused('rejected', 'connection_missing', 'The account for this function is not connected.');
      if (code === 'failed_precondition') return refused('rejected', 'credential_invalid', 'The account for this function must be connected again.');
      this.logger.error({ err, connectionId }, 'a credential could not be resolved');
      return refused('rejected', 'internal', 'The account for this function could not be reached; nothing was sent.');
    }
  }
}
