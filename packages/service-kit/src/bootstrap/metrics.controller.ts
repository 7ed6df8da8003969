import { Controller, Get, Header } from '@nestjs/common';
import { Metrics, METRICS_CONTENT_TYPE } from '../telemetry/metrics.ts';

@Controller()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** For Prometheus, as OpenMetrics text. */
  @Get('metrics')
  @Header('content-type', METRICS_CONTENT_TYPE)
  text(): Promise<string> {
    return this.metrics.text();
  }
}
