import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { EventContract, Rpc } from '@patchbay/contracts/define';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Logger } from 'pino';
import { answerer, subjectTemplate, type RequestHandler } from './answer.ts';
import { consumeEvents, type EventConsumer, type EventHandler } from './consume-events.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { respondError } from './wire.ts';

/** Above this many requests at once a process answers `overloaded` at once instead of queueing without bound. */
const MAX_IN_FLIGHT = 1024;
/** Must stay above the longest deadline a request may carry, or a stop cuts a call off. */
const DRAIN_TIMEOUT_MS = 35_000;

/**
 * Nest over NATS without Nest's own wire format: plain JSON on a queue group, bounded concurrency, a drain that loses nothing.
 * Nest's NATS server sleeps instead of draining and runs handlers unbounded.
 */
export class NatsTransport extends Server implements CustomTransportStrategy {
  readonly #subscriptions: Subscription[] = [];
  readonly #consumers: EventConsumer[] = [];
  readonly #inFlight = new Set<Promise<void>>();

  constructor(
    private readonly nats: NatsConnection,
    private readonly service: string,
    private readonly log: Logger,
    private readonly requests: RequestMetrics,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      const contract: unknown = handler.extras?.['contract'];
      if (handler.isEventHandler) this.#consume(contract as EventContract, handler as EventHandler);
      else this.#subscribe(subject, contract as Rpc, handler as RequestHandler);
    }
    // Without the flush the server may not know the subscriptions yet, and the first request finds nobody.
    this.nats.flush().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  #subscribe(subject: string, contract: Rpc, handler: RequestHandler): void {
    const metrics = this.requests.of(subjectTemplate(contract));
    const answer = answerer(this.service, contract, handler, this.log, metrics);
    const subscription = this.nats.subscribe(subject, {
      queue: this.service,
      callback: (error, message) => {
        if (error) {
          this.log.error({ err: error, subject }, 'the subscription failed');
          return;
        }
        if (this.#inFlight.size >= MAX_IN_FLIGHT) {
          metrics.turnedAway('overloaded');
          respondError(message, new ServiceError('overloaded', 'Too many requests at once; try again shortly.'));
          return;
        }
        const running: Promise<void> = answer(message).finally(() => this.#inFlight.delete(running));
        this.#inFlight.add(running);
      },
    });
    this.#subscriptions.push(subscription);
  }

  #consume(contract: EventContract, handler: EventHandler): void {
    this.#consumers.push(consumeEvents({ nats: this.nats, service: this.service, contract, handler, logger: this.log }));
  }

  /** Takes no new work, finishes what has begun. Safe to call twice: Nest closes the strategy once more. */
  async close(): Promise<void> {
    const subscriptions = this.#subscriptions.splice(0);
    await Promise.all(subscriptions.map((subscription) => subscription.drain()));
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.stop()));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<'limit'>((resolve) => {
      timer = setTimeout(resolve, DRAIN_TIMEOUT_MS, 'limit');
    });
    const ended = await Promise.race([Promise.all(this.#inFlight), limit]);
    clearTimeout(timer);
    if (ended === 'limit') this.log.error({ unfinished: this.#inFlight.size }, 'requests were cut off by the stop');
  }

  on(): never {
    throw new Error('This transport has no events of its own; listen to the NATS connection.');
  }

  unwrap<T>(): T {
    return this.nats as T;
  }
}
