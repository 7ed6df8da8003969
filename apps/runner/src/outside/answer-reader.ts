import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { isLarge, LargeAnswers } from '@patchbay/egress/large-answers';
import type { Answered } from '@patchbay/egress/send-result';
import type { Shaped } from '@patchbay/egress/shape-response';
import type { CompiledFunction } from './compile-function.ts';

/** Reads answers by the rules of their action: small ones at once, large ones in a thread of their own, so that no other call waits. */
@Injectable()
export class AnswerReader implements BeforeApplicationShutdown {
  readonly #large = new LargeAnswers();

  read(called: CompiledFunction, answer: Answered, args: Record<string, unknown>): Shaped | Promise<Shaped> {
    if (!isLarge(answer)) return called.shape(answer, args);
    return this.#large.shape(called.response, answer, args, { sayEmpty: called.sayEmpty });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#large.close();
  }
}
