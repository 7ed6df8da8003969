import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { accessEvents, type AccessChange } from '@patchbay/contracts/access';
import { EventEnvelope } from '@patchbay/contracts/define';
import { NATS } from '@patchbay/service-kit/messaging/nats';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { ApiCallers } from './api-callers.ts';
import { EdgeRegister } from './edge-register.ts';

const { accessChanged } = accessEvents;
const Heard = EventEnvelope.extend({ payload: accessChanged.payload });

/**
 * Whoever was shut out at another gateway is shut out here as soon as credentials says so. Heard as it is published, by every gateway; what a
 * gateway does not hear, because it is away or what it hears makes no sense, costs it all that it believes.
 */
@Injectable()
export class AccessChanges implements OnModuleInit, BeforeApplicationShutdown {
  #subscription: Subscription | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly callers: ApiCallers,
    private readonly edges: EdgeRegister,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    // Without a queue group: each gateway has believed something of its own.
    this.#subscription = this.nats.subscribe(accessChanged.subject, { callback: (error, message) => (error ? this.#doubt(error) : this.#hear(message)) });
    void this.#followConnection();
  }

  beforeApplicationShutdown(): void {
    this.#subscription?.unsubscribe();
  }

  #hear(message: Msg): void {
    const change = readChange(message);
    if (change instanceof Error) return this.#doubt(change);
    const { kind } = change.object;
    if (kind === 'edge') this.edges.forget(change.object.id);
    else this.callers.forget({ ...change.object, kind });
  }

  #doubt(err: Error): void {
    this.logger.warn({ err }, 'it was not understood whose access has changed; everyone is looked up again');
    this.#forgetAll();
  }

  #forgetAll(): void {
    this.callers.forgetAll();
    this.edges.forgetAll();
  }

  /** Ends with the connection. */
  async #followConnection(): Promise<void> {
    for await (const { type } of this.nats.status()) if (type === 'reconnect') this.#forgetAll();
  }
}

function readChange(message: Msg): AccessChange | Error {
  try {
    return Heard.parse(message.json()).payload;
  } catch (error) {
    return error as Error;
  }
}
