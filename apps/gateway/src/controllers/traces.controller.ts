import { Controller } from '@nestjs/common';
import { observability } from '@patchbay/contracts/observability';
import type { RequestOf } from '@patchbay/contracts/define';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { Input, Route } from '../http/route.ts';

@Controller()
export class TracesController {
  constructor(@Client(observability) private readonly observabilityClient: ClientOf<typeof observability>) {}

  @Route('GET /v1/sessions/:sessionId/spans', observability.listSpans, { permission: 'calls:read' })
  ofSession(@Input() input: RequestOf<typeof observability.listSpans>) {
    return this.observabilityClient.listSpans(input);
  }

  @Route('GET /v1/traces/:traceId/spans', observability.listSpans, { permission: 'calls:read' })
  ofTrace(@Input() input: RequestOf<typeof observability.listSpans>) {
    return this.observabilityClient.listSpans(input);
  }

  @Route('POST /otlp/v1/traces', observability.ingestSpans, { permission: 'telemetry:write', status: 200 })
  ingest(@Input() input: RequestOf<typeof observability.ingestSpans>) {
    return this.observabilityClient.ingestSpans(input);
  }
}
