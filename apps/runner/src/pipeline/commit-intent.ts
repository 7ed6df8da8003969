import { Inject, Injectable } from '@nestjs/common';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { refused, type Verdict } from '../domain/verdict.ts';
import { EvidenceWriter } from '../outside/evidence-writer.ts';
import type { Invocation, Step } from './invocation.ts';

/** Whatever changes the world is on record before a byte is sent; if it cannot be, it is not sent. */
@Injectable()
export class CommitIntent implements Step {
  constructor(
    private readonly evidence: EvidenceWriter,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(invocation: Invocation): Promise<Verdict | undefined> {
    if (!invocation.changesTheWorld) return undefined;
    try {
      await this.evidence.begin(invocation);
      invocation.committed = true;
      return undefined;
    } catch (err) {
      this.logger.error({ err, invocationId: invocation.invocationId }, 'an intent could not be committed; nothing was sent');
      return refused('rejected', 'internal', 'The request could not be recorded, so it was not sent.');
    }
  }
}
