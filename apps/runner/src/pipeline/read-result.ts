import { Injectable } from '@nestjs/common';
import type { Verdict } from '../domain/verdict.ts';
import type { Invocation, Step } from './invocation.ts';
import { verdictOn } from './read-answer.ts';
import { readFailure } from './read-failure.ts';

/** What the provider's answer, or its absence, means for the caller. */
@Injectable()
export class ReadResult implements Step {
  run(invocation: Invocation): Verdict {
    const { sent, changesTheWorld, function: called, attempts } = invocation;
    if (sent!.kind === 'failed') return readFailure(sent!, changesTheWorld);
    const shaped = called!.shape(sent!, invocation.arguments);
    if (shaped.missing.length > 0) attempts.at(-1)!.missingFields = shaped.missing;
    if (shaped.problem) invocation.decide('response', shaped.kind, shaped.problem);
    return verdictOn(sent!, shaped, changesTheWorld);
  }
}
