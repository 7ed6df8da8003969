import { Injectable } from '@nestjs/common';
import { calls, type RecordedTurn } from '@patchbay/contracts/calls';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { Client, type ClientOf } from '@patchbay/service-kit/messaging/client';
import { DataSource } from 'typeorm';
import { lastAnswer, positionOfReadBack, turnsThatAnswer, type CallerAnswer, type Consent } from '../domain/caller-answer.ts';
import { judgeConsent } from '../domain/consent/judge-consent.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { ConsentRepository } from './consent.repository.ts';

const EXPIRES_AFTER_MS = 120_000;

/** What the caller is asked, and what the record of the call says that the caller answered. */
@Injectable()
export class CallerConsent {
  constructor(
    private readonly source: DataSource,
    private readonly consents: ConsentRepository,
    @Client(calls) private readonly callsClient: ClientOf<typeof calls>,
  ) {}

  /** Puts a read-back on record; only turns recorded from now on can answer it. */
  async ask(invocation: Invocation, epoch: number, readBack: string): Promise<Consent> {
    const { input, argumentsHash, function: called } = invocation;
    const turns = await this.#turnsAfter(invocation, 0);
    const consent: Consent = {
      consentId: newId('consent'),
      function: input.function,
      argumentsHash,
      epoch,
      readBack,
      afterPosition: Math.max(0, ...turns.map(({ position }) => position)),
      afterIndex: Math.max(-1, ...turns.map(({ index }) => index)),
      askedTurnId: input.turnId,
      expiresAt: new Date(Date.now() + (called?.confirmation?.expiresAfterMs ?? EXPIRES_AFTER_MS)),
    };
    await this.consents.ask(this.source.manager, scopeOf(invocation), consent);
    // An equal request may have asked at the same moment: what is on record counts.
    return (await this.findAsked(invocation)) ?? consent;
  }

  findAsked(invocation: Invocation): Promise<Consent | null> {
    return this.consents.findAsked(this.source.manager, scopeOf(invocation), invocation.input.function, invocation.argumentsHash);
  }

  /** What the caller has answered since. With `afterReadBack`, turns count only once the agent has read the sentence aloud. */
  async answerTo(consent: Consent, invocation: Invocation, afterReadBack: boolean): Promise<CallerAnswer | undefined> {
    const turns = await this.#turnsAfter(invocation, consent.afterPosition);
    const from = afterReadBack ? positionOfReadBack(consent, turns) : consent.afterPosition;
    if (from === null) return undefined;
    const answers = turnsThatAnswer(consent, turns).filter(({ position }) => position > from);
    return lastAnswer(answers.map((turn) => this.#judge(turn, consent, invocation)));
  }

  #judge({ turnId, text, recordedAt }: RecordedTurn, consent: Consent, { arguments: args, speech }: Invocation): CallerAnswer {
    const judged = judgeConsent({ words: text, language: speech.language, readBack: consent.readBack, arguments: args });
    return { ...judged, turnId, words: text, at: recordedAt };
  }

  async #turnsAfter({ organizationId, input, leftMs }: Invocation, afterPosition: number): Promise<RecordedTurn[]> {
    const question = { organizationId, sessionId: input.sessionId, afterPosition };
    const { turns } = await this.callsClient.listTurns(question, { timeoutMs: Math.max(1, leftMs) });
    return turns;
  }
}

export function scopeOf({ organizationId, input }: Invocation): { organizationId: string; sessionId: string } {
  return { organizationId, sessionId: input.sessionId };
}
