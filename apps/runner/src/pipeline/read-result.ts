import { Injectable } from '@nestjs/common';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation, Step } from './invocation.ts';
import { readAnswer } from './read-answer.ts';
import { readFailure } from './read-failure.ts';

/** What the provider's answer, or its absence, means for the caller. */
@Injectable()
export class ReadResult implements Step {
  run({ sent, changesTheWorld }: Invocation): Verdict {
    return sent!.kind === 'answered' ? readAnswer(sent!, changesTheWorld) : readFailure(sent!, changesTheWorld);
  }
}
