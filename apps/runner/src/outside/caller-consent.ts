import { Inject, Injectable, Optional } from '@nestjs/common';
import { calls, type RecordedTurn } from '@patchbay/contracts/calls';
import { ServiceError } from '@patchbay/contracts/errors';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { lastAnswer, positionOfReadBack, turnsThatAnswer, type CallerAnswer, type Consent } from '../domain/caller-answer.ts';
import { askSecondJudge } from '../domain/consent/ask-second-judge.ts';
import type { ConsentJudge, ConsentQuestion } from '../domain/consent/consent-judge.ts';
import { judgeConsent } from '../domain/consent/judge-consent.ts';
import { inTime, LATE, REPLY_RESERVE_MS } from '../pipeline/in-time.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { ConsentRepository } from './consent.repository.ts';

/** Whoever judges answers that the rules cannot read; nobody unless the operator has set one up. */
export const SECOND_JUDGE = Symbol('second judge');

const EXPIRES_AFTER_MS = 120_000;

/** What the caller is asked, and what the record of the call says that the caller answered. */
@Injectable()
export class CallerConsent {
  constructor(
    private readonly source: DataSource,
    private readonly consents: ConsentRepository,
    @Client(calls) private readonly callsClient: ClientOf<typeof calls>,
    @Optional() @Inject(SECOND_JUDGE) private readonly secondJudge: ConsentJudge | null,
  ) {}

  /** Puts a read-back on record; only turns recorded from now on can answer it. */
  async ask(invocation: Invocation, epoch: number, readBack: string): Promise<Consent> {
    const { input, argumentsHash, function: called } = invocation;
    const turns = await this.#turnsAfter(invocation, 0);
    const consent = {
      consentId: newId('consent'),
      function: input.function,
      argumentsHash,
      epoch,
      readBack,
      afterPosition: Math.max(0, ...turns.map(({ position }) => position)),
      afterIndex: Math.max(-1, ...turns.map(({ index }) => index)),
      askedTurnId: input.turnId,
    };
    const expiresAfterMs = called?.confirmation?.expiresAfterMs ?? EXPIRES_AFTER_MS;
    await inOrganization(this.source, invocation.organizationId, (tx) => this.consents.ask(tx, scopeOf(invocation), consent, expiresAfterMs));
    const asked = await this.findAsked(invocation);
    // An equal request may have asked at the same moment: what is on record counts.
    if (asked) return asked;
    throw new ServiceError('conflict', 'The consent was answered while it was being asked for.');
  }

  findAsked(invocation: Invocation): Promise<Consent | null> {
    return inOrganization(this.source, invocation.organizationId, (tx) => this.consents.findAsked(tx, scopeOf(invocation), invocation.input.function, invocation.argumentsHash));
  }

  /** What the caller has answered since. With `afterReadBack`, turns count only once the agent has read the sentence aloud. */
  async answerTo(consent: Consent, invocation: Invocation, afterReadBack: boolean): Promise<CallerAnswer | undefined> {
    const turns = await this.#turnsAfter(invocation, consent.afterPosition);
    const from = afterReadBack ? positionOfReadBack(consent, turns) : consent.afterPosition;
    if (from === null) return undefined;
    const answers = turnsThatAnswer(consent, turns).filter(({ position }) => position > from);
    const last = lastAnswer(
      answers.map(({ turnId, text, recordedAt }) => ({ ...judgeConsent(questionOf(text, consent, invocation)), turnId, words: text, at: recordedAt })),
    );
    return last && this.#judgeAgain(last, consent, invocation);
  }

  /** What the rules can read is never judged by anybody else, nor what takes a yes back. */
  async #judgeAgain(first: CallerAnswer, consent: Consent, invocation: Invocation): Promise<CallerAnswer> {
    const asked = askSecondJudge(questionOf(first.words, consent, invocation), first, this.secondJudge);
    const judged = await inTime(asked, invocation.replyLeftMs - REPLY_RESERVE_MS);
    return judged === LATE ? first : { ...first, ...judged };
  }

  async #turnsAfter({ organizationId, input, replyLeftMs }: Invocation, afterPosition: number): Promise<RecordedTurn[]> {
    const question = { organizationId, sessionId: input.sessionId, afterPosition };
    const { turns } = await this.callsClient.listTurns(question, { timeoutMs: Math.max(1, replyLeftMs) });
    return turns;
  }
}

function questionOf(words: string, { readBack, epoch }: Consent, { arguments: args, speech }: Invocation): ConsentQuestion {
  return { words, language: speech.language, readBack, arguments: args, isSecondOrder: epoch > 1 };
}

export function scopeOf({ organizationId, input }: Invocation): { organizationId: string; sessionId: string } {
  return { organizationId, sessionId: input.sessionId };
}
