import { Controller, Get, Header } from '@nestjs/common';
import { SpanCounts } from './outside/span-counts.ts';

@Controller()
export class MetricsController {
  constructor(private readonly counts: SpanCounts) {}

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4')
  metrics(): string {
    return this.counts.toText();
  }
}
