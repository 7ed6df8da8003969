import { Injectable } from '@nestjs/common';
import { maskForEvidence } from '@patchbay/egress/mask-fields';
import type { Verdict } from '../domain/verdict.ts';
import { PREVIEW_CHARACTERS } from './attempt-evidence.ts';
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
    const masked = maskForEvidence(shaped.body, called!.response?.schema);
    if (masked !== shaped.body) attempts.at(-1)!.responsePreview = JSON.stringify(masked).slice(0, PREVIEW_CHARACTERS);
    if (shaped.missing.length > 0) attempts.at(-1)!.missingFields = shaped.missing;
    if (shaped.problem) invocation.decide('response', shaped.kind, shaped.problem);
    return verdictOn(sent!, shaped, changesTheWorld);
  }
}
