import { Inject, Injectable } from '@nestjs/common';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { readExport, type Rejected } from '../otlp/read-export.ts';
import { SpanCounts } from '../outside/span-counts.ts';
import { SpanWriter } from '../outside/span-writer.ts';

/** What one of our services exports is stored before it is answered; each span says itself whose it is. */
@Injectable()
export class StoreExport {
  constructor(
    private readonly writer: SpanWriter,
    private readonly counts: SpanCounts,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(resourceSpans: unknown[]): Promise<Rejected> {
    const { spans, rejected } = readExport(resourceSpans, null, Date.now());
    await this.writer.write(spans, null);
    this.counts.add('rejected', rejected.count);
    if (rejected.count > 0) this.logger.warn(rejected, 'spans of a service cannot be stored');
    return rejected;
  }
}
