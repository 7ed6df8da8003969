import { Inject, Injectable } from '@nestjs/common';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import type { Verdict } from '../domain/verdict.ts';
import { EvidenceWriter } from '../outside/evidence-writer.ts';
import { inTime, LATE } from './in-time.ts';
import type { Invocation } from './invocation.ts';

/** The last step, whatever the verdict: a write is settled before its outcome is told, a read is written behind. */
@Injectable()
export class RecordEvidence {
  constructor(
    private readonly evidence: EvidenceWriter,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(invocation: Invocation, verdict: Verdict): Promise<void> {
    invocation.durationMs = invocation.elapsedMs;
    invocation.stored = this.evidence.finish(invocation, verdict);
    if (!invocation.committed) return;
    const stored = await inTime(invocation.stored, invocation.replyLeftMs);
    if (stored === LATE) this.logger.warn({ invocationId: invocation.invocationId }, 'an outcome is told before it is stored; storing goes on');
  }
}
