import { Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { InputOf, ReplyOf } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import type { observability } from '@patchbay/contracts/observability';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { Nats } from '@patchbay/service-kit/messaging/nats';
import { firstThatFit, replyRoomBytes } from '@patchbay/service-kit/messaging/reply-room';
import { DataSource } from 'typeorm';
import { toSpan } from '../domain/span.ts';
import { SpanRepository } from '../outside/span.repository.ts';

type Input = InputOf<typeof observability.listSpans>;

const MAX_TRACES = 2_000;
const MAX_SPANS = 20_000;
const ENVELOPE_BYTES = 4_096;

/** The organization's own spans of a trace, or of all traces of a session; the earliest, as many as one reply can carry. */
@Injectable()
export class ListSpans {
  constructor(
    private readonly source: DataSource,
    private readonly spans: SpanRepository,
    @Nats() private readonly nats: NatsConnection,
  ) {}

  async run(input: Input): Promise<ReplyOf<typeof observability.listSpans>> {
    const { organizationId } = input;
    const rows = await inOrganization(this.source, organizationId, async (tx) =>
      this.spans.listByTraces(tx, organizationId, await this.#tracesOf(tx, input), MAX_SPANS),
    );
    const bytes = replyRoomBytes(this.nats) - ENVELOPE_BYTES;
    return { spans: firstThatFit(rows.map(toSpan), { items: MAX_SPANS, bytes }) };
  }

  async #tracesOf(tx: Transaction, { organizationId, sessionId, traceId }: Input): Promise<string[]> {
    if (traceId !== undefined && sessionId === undefined) return [traceId];
    if (sessionId !== undefined && traceId === undefined) {
      return this.spans.listTraces(tx, organizationId, sessionId, MAX_TRACES);
    }
    const problem = 'give exactly one of sessionId and traceId';
    throw ServiceError.fields('invalid_arguments', `To list spans, ${problem}.`, [
      { path: 'sessionId', problem },
      { path: 'traceId', problem },
    ]);
  }
}
