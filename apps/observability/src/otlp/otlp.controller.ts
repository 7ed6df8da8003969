import { Body, Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { StoreExport } from '../use-cases/store-export.ts';
import { ComeBackFilter } from './come-back.filter.ts';
import { exportReply, resourceSpansOf, type ExportReply } from './otlp-messages.ts';

/** OTLP/HTTP for the platform's own services, which are trusted to say whose a span is; it listens on loopback. */
@Controller()
@UseFilters(ComeBackFilter)
export class OtlpController {
  constructor(private readonly storeExport: StoreExport) {}

  @Post('v1/traces')
  @HttpCode(200)
  async traces(@Body() body: unknown): Promise<ExportReply> {
    return exportReply(await this.storeExport.run(resourceSpansOf(body)));
  }
}
