import { Controller } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import { observability } from '@patchbay/contracts/observability';
import { Handles } from '@patchbay/service-kit/messaging/handles';
import { IngestSpans } from './use-cases/ingest-spans.ts';
import { ListSpans } from './use-cases/list-spans.ts';

@Controller()
export class ObservabilityHandlers {
  constructor(
    private readonly ingestSpans: IngestSpans,
    private readonly listSpans: ListSpans,
  ) {}

  @Handles(observability.ingestSpans)
  ingest(input: InputOf<typeof observability.ingestSpans>) {
    return this.ingestSpans.run(input);
  }

  @Handles(observability.listSpans)
  list(input: InputOf<typeof observability.listSpans>) {
    return this.listSpans.run(input);
  }
}
