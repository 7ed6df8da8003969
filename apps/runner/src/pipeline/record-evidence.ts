import { Inject, Injectable } from '@nestjs/common';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import type { Verdict } from '../domain/verdict.ts';
import { EvidenceWriter } from '../outside/evidence-writer.ts';
import { RunnerMetrics } from '../outside/runner-metrics.ts';
import { inTime, LATE } from './in-time.ts';
import type { Invocation } from './invocation.ts';

/**
 * The last step, whatever the verdict. How a write ended is on its way to the database before it is told: nothing that happens to this
 * process stops it then, and what happens to the database meanwhile, this process makes good. A read is written behind.
 */
@Injectable()
export class RecordEvidence {
  constructor(
    private readonly evidence: EvidenceWriter,
    private readonly metrics: RunnerMetrics,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(invocation: Invocation, verdict: Verdict): Promise<void> {
    invocation.durationMs = invocation.elapsedMs;
    this.metrics.ended(invocation, verdict);
    const { promise: handedOver, resolve } = Promise.withResolvers<void>();
    invocation.stored = this.evidence.finish(invocation, verdict, resolve);
    if (!invocation.committed) return;
    const settled = await inTime(handedOver, invocation.replyLeftMs);
    if (settled === LATE) this.logger.warn({ invocationId: invocation.invocationId }, 'an outcome is told before it is stored; storing goes on');
  }
}
