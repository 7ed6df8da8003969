import { Injectable } from '@nestjs/common';
import { maskForEvidence } from '@patchbay/egress/mask-fields';
import type { Answered } from '@patchbay/egress/send-result';
import type { Shaped } from '@patchbay/egress/shape-response';
import type { Verdict } from '../domain/verdict.ts';
import { AnswerReader } from '../outside/answer-reader.ts';
import { ConnectionReports } from '../outside/connection-reports.ts';
import { PREVIEW_CHARACTERS } from './attempt-evidence.ts';
import type { Invocation, Step } from './invocation.ts';
import { verdictOn } from './read-answer.ts';
import { readFailure } from './read-failure.ts';

/** What the provider's answer, or its absence, means for the caller. */
@Injectable()
export class ReadResult implements Step {
  constructor(
    private readonly reader: AnswerReader,
    private readonly reports: ConnectionReports,
  ) {}

  run(invocation: Invocation): Verdict | Promise<Verdict> {
    const { sent, changesTheWorld, function: called } = invocation;
    if (sent!.kind === 'failed') return readFailure(sent!, changesTheWorld);
    const answer = sent!;
    const shaped = this.reader.read(called!, answer, invocation.arguments);
    return shaped instanceof Promise ? shaped.then((read) => this.#conclude(invocation, answer, read)) : this.#conclude(invocation, answer, shaped);
  }

  #conclude(invocation: Invocation, answer: Answered, shaped: Shaped): Verdict {
    const verdict = conclude(invocation, answer, shaped);
    const { organizationId, invocationId, credential, refusedCredential } = invocation;
    const code = verdict.error?.code ?? null;
    if (credential) this.reports.tell({ organizationId, invocationId, credential, answer, code, refusedBefore: refusedCredential });
    return verdict;
  }
}

function conclude(invocation: Invocation, answer: Answered, shaped: Shaped): Verdict {
  const evidence = invocation.attempts.at(-1)!;
  const masked = maskForEvidence(shaped.body, invocation.function!.response?.schema);
  if (masked !== shaped.body) evidence.responsePreview = JSON.stringify(masked).slice(0, PREVIEW_CHARACTERS);
  if (shaped.missing.length > 0) evidence.missingFields = shaped.missing;
  if (shaped.problem) invocation.decide('response', shaped.kind, shaped.problem);
  return verdictOn(answer, shaped, invocation.changesTheWorld);
}
