import { AckPolicy, jetstream, jetstreamManager, JetStreamApiError, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { EventEnvelope, type EventContract } from '@patchbay/contracts/define';
import { consumerOf, streamOf } from '@patchbay/contracts/jetstream-subjects';
import { setTimeout as delay } from 'node:timers/promises';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Logger } from 'pino';
import { extractTrace } from '../telemetry/propagation.ts';

export type EventHandler = (envelope: EventEnvelope) => unknown;

export interface EventConsumer {
  /** Takes no further event and waits for those begun. */
  stop(): Promise<void>;
}

interface Options {
  nats: NatsConnection;
  service: string;
  contract: EventContract;
  handler: EventHandler;
  logger: Logger;
}

const SECOND_NS = 1_000_000_000;
const ACK_WAIT_MS = 30_000;
const MAX_RETRY_DELAY_MS = 60_000;

/**
 * A durable pull consumer for one event: explicit acknowledgement after the handler resolves, growing delay after a failure,
 * an unreadable event is terminated and logged. Starts in the background, because the emitter may come up later than we.
 */
export function consumeEvents(options: Options): EventConsumer {
  const stopping = new AbortController();
  let messages: ConsumerMessages | undefined;
  const running = (async () => {
    messages = await open(options, stopping.signal);
    if (!messages) return;
    for await (const message of messages) await handle(options, message);
  })().catch((err: unknown) => options.logger.error({ err, subject: options.contract.subject }, 'an event consumer ended'));

  return {
    async stop() {
      stopping.abort();
      await messages?.close();
      await running;
    },
  };
}

async function open({ nats, service, contract, logger }: Options, signal: AbortSignal): Promise<ConsumerMessages | undefined> {
  const stream = streamOf(contract.subject);
  const durable = consumerOf(service, contract.subject);
  const manager = await jetstreamManager(nats, { checkAPI: false });
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      await manager.consumers.add(stream, {
        durable_name: durable,
        filter_subject: contract.subject,
        ack_policy: AckPolicy.Explicit,
        ack_wait: (ACK_WAIT_MS / 1000) * SECOND_NS,
        max_ack_pending: 64,
      });
      const consumer = await jetstream(nats).consumers.get(stream, durable);
      const messages = await consumer.consume({ max_messages: 16 });
      if (!signal.aborted) return messages;
      // Not `close`: it waits for a reader, and there will be none.
      messages.stop();
    } catch (error) {
      const missing = error instanceof JetStreamApiError && error.code === JETSTREAM_STREAM_NOT_FOUND;
      if (!missing || tries % 20 === 19) logger.warn({ err: error, stream }, 'waiting for an event stream');
      await delay(500, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** `stream not found` of the JetStream API. */
const JETSTREAM_STREAM_NOT_FOUND = 10059;

async function handle({ contract, handler, logger }: Options, message: JsMsg): Promise<void> {
  const envelope = readEnvelope(contract, message);
  if (!envelope) {
    logger.error({ subject: message.subject, seq: message.seq }, 'an event does not match its contract and is given up');
    message.term('does not match its contract');
    return;
  }
  const parent = extractTrace(message.headers, ROOT_CONTEXT);
  // A new root with a link: what follows a call must not stretch the turn it came from.
  const span = trace.getTracer('@patchbay/service-kit').startSpan(
    `process ${contract.subject}`,
    { kind: SpanKind.CONSUMER, root: true, links: links(parent), attributes: { 'app.org.id': envelope.organizationId } },
    ROOT_CONTEXT,
  );
  try {
    const result = await context.with(trace.setSpan(ROOT_CONTEXT, span), handler, undefined, envelope);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    message.ack();
  } catch (err) {
    const retryInMs = Math.min(1000 * 2 ** (message.info.deliveryCount - 1), MAX_RETRY_DELAY_MS);
    logger.error({ err, subject: message.subject, retryInMs }, 'an event could not be handled');
    message.nak(retryInMs);
  } finally {
    span.end();
  }
}

function links(parent: ReturnType<typeof extractTrace>) {
  const linked = trace.getSpanContext(parent);
  return linked ? [{ context: linked }] : [];
}

function readEnvelope(contract: EventContract, message: JsMsg): EventEnvelope | null {
  try {
    const envelope = EventEnvelope.parse(message.json());
    return { ...envelope, payload: contract.payload.parse(envelope.payload) };
  } catch {
    return null; // Whatever is wrong with it, it will not get better: the caller gives it up and says so.
  }
}
