import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { SendResult } from '@patchbay/egress/send-result';
import type { HttpSender, SendRequest } from '@patchbay/egress/http-sender';

/** Other people's systems, behind the guarded client. */
@Injectable()
export class Provider implements BeforeApplicationShutdown {
  constructor(private readonly sender: HttpSender) {}

  send(request: SendRequest): Promise<SendResult> {
    return this.sender.send(request);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sender.close();
  }
}
