import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { HttpSender, SendRequest } from '@patchbay/egress/http-sender';
import type { SendResult } from '@patchbay/egress/send-result';

/** How long a write that was given up on may still be answered. */
const LATE_MS = 15_000;

/** Other people's systems, behind the guarded client. */
@Injectable()
export class Provider implements BeforeApplicationShutdown {
  readonly #stop = new AbortController();

  constructor(private readonly sender: HttpSender) {}

  send(request: SendRequest): Promise<SendResult> {
    return this.sender.send(request);
  }

  /** A request that may have changed something: its answer is of use even when nobody waits for it any more. */
  sendWrite(request: SendRequest, onLate: (result: SendResult) => void): Promise<SendResult> {
    return this.sender.send({ ...request, signal: this.#stop.signal, late: { ms: LATE_MS, onEnd: onLate } });
  }

  /** Whoever waits has been answered by now; late answers are not waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.sender.close();
  }
}
