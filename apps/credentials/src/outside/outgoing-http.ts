import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createHttpSender, type HttpSender, type HttpSenderOptions, type SendRequest } from '@patchbay/egress/http-sender';
import type { SendResult } from '@patchbay/egress/send-result';

/** Requests to providers and issuers: to checked addresses only, bounded, and with a deadline. */
@Injectable()
export class OutgoingHttp implements OnApplicationShutdown {
  /** Whether plain http may be used at all; the operator's word. */
  readonly allowHttp: boolean;
  readonly #sender: HttpSender;

  constructor(options: HttpSenderOptions) {
    this.allowHttp = options.allowHttp ?? false;
    this.#sender = createHttpSender(options);
  }

  send(request: SendRequest): Promise<SendResult> {
    return this.#sender.send(request);
  }

  /** The last hook of a stop: whoever still needed an answer has it. */
  async onApplicationShutdown(): Promise<void> {
    await this.#sender.close();
  }
}
