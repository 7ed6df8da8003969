import { Module, type DynamicModule } from '@nestjs/common';
import type { Env } from './env.ts';
import { OtlpController } from './otlp/otlp.controller.ts';
import { ObservabilityHandlers } from './observability.handlers.ts';
import { SpanCounts } from './outside/span-counts.ts';
import { SpanWriter, WriterLimits } from './outside/span-writer.ts';
import { SpanRepository } from './outside/span.repository.ts';
import { IngestSpans } from './use-cases/ingest-spans.ts';
import { ListSpans } from './use-cases/list-spans.ts';
import { StoreExport } from './use-cases/store-export.ts';

@Module({})
export class AppModule {
  static with(env: Env): DynamicModule {
    const limits = new WriterLimits(env.OBSERVABILITY_BUFFERED_SPANS, env.OBSERVABILITY_CONCURRENT_INSERTS);
    return {
      module: AppModule,
      controllers: [ObservabilityHandlers, OtlpController],
      providers: [
        IngestSpans,
        StoreExport,
        ListSpans,
        SpanRepository,
        SpanWriter,
        SpanCounts,
        { provide: WriterLimits, useValue: limits },
      ],
    };
  }
}
