import { Injectable } from '@nestjs/common';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import type { observability } from '@patchbay/contracts/observability';
import { readExport } from '../otlp/read-export.ts';
import { SpanCounts } from '../outside/span-counts.ts';
import { SpanWriter } from '../outside/span-writer.ts';

/** What an edge sends becomes its organization's spans, whatever the spans say. */
@Injectable()
export class IngestSpans {
  constructor(
    private readonly writer: SpanWriter,
    private readonly counts: SpanCounts,
  ) {}

  async run(input: InputOf<typeof observability.ingestSpans>): Promise<ReplyOf<typeof observability.ingestSpans>> {
    const { spans, rejected } = readExport(input.resourceSpans, input.organizationId, Date.now());
    await this.writer.write(spans, input.organizationId);
    this.counts.add('rejected', rejected.count);
    return { accepted: spans.length, rejected: rejected.count };
  }
}
