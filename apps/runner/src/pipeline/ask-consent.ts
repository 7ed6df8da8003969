import { Inject, Injectable } from '@nestjs/common';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import type { CallerAnswer, Consent } from '../domain/caller-answer.ts';
import { decideOnIntent, type LedgerDecision } from '../domain/intent.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { CallerConsent, scopeOf } from '../outside/caller-consent.ts';
import { ConsentRepository } from '../outside/consent.repository.ts';
import { LedgerRepository, type FoundIntent } from '../outside/ledger.repository.ts';
import { consentEvidence } from './consent-evidence.ts';
import { askedOf, queryOf } from './intent-questions.ts';
import type { Invocation, Step } from './invocation.ts';
import { readBackOf } from './read-back.ts';

/** Where a function needs the caller's yes, nothing goes on without one that was given to these arguments, after they were read back. */
@Injectable()
export class AskConsent implements Step {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: LedgerRepository,
    private readonly consents: ConsentRepository,
    private readonly caller: CallerConsent,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined> {
    const { effect, confirmation } = invocation.function!;
    const isRequired = confirmation?.required ?? EFFECT_RULES[effect].confirmation;
    return isRequired ? this.#require(invocation) : undefined;
  }

  async #require(invocation: Invocation): Promise<Verdict | undefined> {
    try {
      const entries = await inOrganization(this.source, invocation.organizationId, (tx) => this.ledger.find(tx, queryOf(invocation)));
      return await this.#forDecision(invocation, decideOnIntent(entries, askedOf(invocation, null)));
    } catch (err) {
      this.logger.error({ err, invocationId: invocation.invocationId }, 'a consent could not be looked up; nothing was sent');
      return refused('rejected', 'internal', 'The caller’s consent could not be checked, so nothing was sent.');
    }
  }

  /** Repeats and conflicts are for the ledger to answer; only what would send something needs a yes. */
  async #forDecision(invocation: Invocation, decision: LedgerDecision): Promise<Verdict | undefined> {
    if (decision.kind !== 'open' && decision.kind !== 'retake') return undefined;
    if (decision.kind === 'retake' && (await this.#keepsYes(invocation, decision.entry as FoundIntent))) return undefined;
    const epoch = decision.kind === 'retake' ? decision.entry.epoch : decision.epoch;
    const asked = await this.caller.findAsked(invocation);
    if (!asked) return this.#ask(invocation, epoch);
    return this.#onAnswer(invocation, asked, await this.caller.answerTo(asked, invocation, false));
  }

  async #keepsYes(invocation: Invocation, { intentId }: FoundIntent): Promise<boolean> {
    const used = await inOrganization(this.source, invocation.organizationId, (tx) => this.consents.findUsed(tx, scopeOf(invocation), intentId));
    if (!used) return false;
    invocation.decide('consent', 'kept', 'the caller said yes to this, and it came to nothing before');
    invocation.consent = {
      consentId: used.consent_id,
      readBack: used.read_back,
      argumentsHash: used.arguments_hash,
      verdict: 'affirm',
      turnId: used.turn_id,
      words: used.words,
      at: used.decided_at?.toISOString() ?? null,
    };
    return true;
  }

  async #ask(invocation: Invocation, epoch: number): Promise<Verdict> {
    const readBack = readBackOf(invocation.function!, invocation.arguments, invocation.speech);
    const consent = await this.caller.ask(invocation, epoch, readBack);
    invocation.decide('consent', 'asked', 'the function needs the caller’s yes');
    invocation.consent = consentEvidence(consent, undefined);
    return needsConfirmation(consent, 'Read the confirmation to the caller, wait for the answer, then make the same call again.');
  }

  async #onAnswer(invocation: Invocation, consent: Consent, answer: CallerAnswer | undefined): Promise<Verdict | undefined> {
    invocation.consent = consentEvidence(consent, answer);
    invocation.decide('consent', answer?.verdict ?? 'none', answer?.reason ?? 'the caller has not answered yet');
    if (answer?.verdict === 'affirm') {
      if (await inOrganization(this.source, invocation.organizationId, (tx) => this.consents.isTurnUsed(tx, scopeOf(invocation), answer.turnId))) {
        return needsConfirmation(consent, 'That yes was for something else. Read this confirmation to the caller and wait for the answer to it.');
      }
      return this.#take(invocation, consent, answer);
    }
    if (answer?.verdict === 'negate' || answer?.verdict === 'changed') return this.#refuse(invocation, consent, answer);
    return needsConfirmation(consent, 'The caller has not said yes yet. Read the confirmation again and wait for a clear answer.');
  }

  /** A write uses the yes in the transaction that commits its intent; a read has no such moment and uses it now. */
  async #take(invocation: Invocation, consent: Consent, answer: CallerAnswer): Promise<Verdict | undefined> {
    invocation.yes = { consent, answer };
    if (invocation.changesTheWorld) return undefined;
    const used = await inOrganization(this.source, invocation.organizationId, (tx) => this.consents.use(tx, scopeOf(invocation), consent.consentId, answer, null));
    return used ? undefined : needsConfirmation(consent, 'That yes was used already. Read this confirmation to the caller and wait for the answer.');
  }

  async #refuse(invocation: Invocation, consent: Consent, answer: CallerAnswer): Promise<Verdict> {
    const isNo = answer.verdict === 'negate';
    await inOrganization(this.source, invocation.organizationId, (tx) => this.consents.close(tx, scopeOf(invocation), consent.consentId, isNo ? 'refused' : 'changed', answer));
    return isNo
      ? refused('rejected', 'consent_refused', 'The caller said no. Nothing was sent.', { hint: 'Do not do it. Ask what the caller wants instead.' })
      : refused('rejected', 'consent_refused', 'The caller asked for something else. Nothing was sent.', {
          hint: 'Call the function again with what the caller said now; it will be read back again.',
        });
  }
}

function needsConfirmation({ readBack, expiresAt }: Consent, hint: string): Verdict {
  return { status: 'needs_confirmation', confirmation: { readBack, expiresAt: expiresAt.toISOString() }, hint };
}
