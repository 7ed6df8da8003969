import { Injectable } from '@nestjs/common';
import { ServiceError } from '@patchbay/contracts/errors';
import { setTimeout as delay } from 'node:timers/promises';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { decideOnIntent, type LedgerDecision, type LedgerEntry } from '../domain/intent.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { CallerConsent } from '../outside/caller-consent.ts';
import { EvidenceWriter } from '../outside/evidence-writer.ts';
import { LedgerRepository, type FoundIntent } from '../outside/ledger.repository.ts';
import { consentEvidence } from './consent-evidence.ts';
import { REPLY_RESERVE_MS } from './in-time.ts';
import { askedOf, queryOf } from './intent-questions.ts';
import type { Invocation } from './invocation.ts';
import { repeat } from './join-repeat.ts';
import { secondReadBackOf } from './read-back.ts';

/** Between looks at a write that runs elsewhere, in milliseconds. */
const LOOK_EVERY_MS = 40;
/** What was told at another runner may be this far ahead of the ledger: a commit usually takes less than a millisecond. */
const TOLD_AHEAD_MS = 5;
/** Two requests may get in each other's way; more often than this it is a defect. */
const MAX_ROUNDS = 5;

/** The ledger has the intent already: join it, repeat its outcome, try again what came to nothing, or open what the caller ordered again. */
@Injectable()
export class ResolveConflict {
  constructor(
    private readonly source: DataSource,
    private readonly ledger: LedgerRepository,
    private readonly evidence: EvidenceWriter,
    private readonly caller: CallerConsent,
  ) {}

  /** A verdict ends the invocation; without one its intent is committed. */
  async run(invocation: Invocation): Promise<Verdict | undefined> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const entries = await inOrganization(this.source, invocation.organizationId, (tx) => this.ledger.find(tx, queryOf(invocation)));
      const ordered = await this.#orderedEpoch(invocation, entries);
      const decision = decideOnIntent(entries, askedOf(invocation, ordered));
      invocation.decide('ledger', decision.kind, decision.why);
      const end = await this.#follow(invocation, decision);
      if (end !== 'again') return end;
    }
    throw new ServiceError('conflict', 'The ledger changed too often.');
  }

  #follow(invocation: Invocation, decision: LedgerDecision): Promise<Verdict | undefined | 'again'> | Verdict {
    if (decision.kind === 'conflict') {
      return refused('rejected', 'duplicate_conflict', 'This idempotency key was used for other arguments. Nothing was sent.', {
        fields: [{ path: 'idempotencyKey', problem: 'belongs to a request with other arguments' }],
      });
    }
    if (decision.kind === 'replay') return this.#replay(invocation, decision.entry as FoundIntent, decision.why);
    if (decision.kind === 'join') return this.#join(invocation, decision.entry);
    return decision.kind === 'retake' ? this.#retake(invocation, decision.entry) : this.#open(invocation, decision.epoch);
  }

  /** The epoch that the caller's explicit second order opens; null when there is none. */
  async #orderedEpoch(invocation: Invocation, entries: FoundIntent[]): Promise<number | null> {
    const { argumentsHash, idempotencyKey } = queryOf(invocation);
    const newest = Math.max(0, ...entries.filter((entry) => entry.argumentsHash === argumentsHash).map(({ epoch }) => epoch));
    if (newest === 0 || idempotencyKey !== null) return null;
    const offered = await this.caller.findAsked(invocation);
    if (offered?.epoch !== newest + 1) return null;
    const answer = await this.caller.answerTo(offered, invocation, true);
    if (answer?.verdict !== 'affirm') return null;
    invocation.yes = { consent: offered, answer };
    invocation.consent = consentEvidence(offered, answer);
    return offered.epoch;
  }

  async #replay(invocation: Invocation, entry: FoundIntent, why: string): Promise<Verdict> {
    const verdict = repeat(invocation, entry.outcome!, why);
    if (entry.state !== 'succeeded' || invocation.input.idempotencyKey) return verdict;
    const readBack = secondReadBackOf(invocation.function!, invocation.arguments, invocation.speech);
    const offer = (await this.caller.findAsked(invocation)) ?? (await this.caller.ask(invocation, entry.epoch + 1, readBack));
    invocation.repeated = {
      ...entry.outcome!,
      confirmation: { readBack: offer.readBack, expiresAt: offer.expiresAt.toISOString() },
      hint: 'This was done before and was not done again. Only if the caller wants it a second time: read the confirmation, and after a yes make the same call again.',
    };
    return verdict;
  }

  async #join(invocation: Invocation, { invocationId }: LedgerEntry): Promise<Verdict | 'again'> {
    if (await this.#endedAfter(TOLD_AHEAD_MS, invocation, invocationId)) return 'again';
    while (invocation.replyLeftMs > REPLY_RESERVE_MS + LOOK_EVERY_MS) {
      const ended = await this.#endedAfter(LOOK_EVERY_MS, invocation, invocationId);
      if (ended) return repeat(invocation, ended.outcome!, 'the same intent was under way');
    }
    return repeat(invocation, { ...invocation.outcome(), invocationId, status: 'pending' }, 'the same intent is still under way');
  }

  async #endedAfter(ms: number, invocation: Invocation, invocationId: string): Promise<FoundIntent | undefined> {
    await delay(ms);
    const entries = await inOrganization(this.source, invocation.organizationId, (tx) => this.ledger.find(tx, queryOf(invocation)));
    return entries.find((entry) => entry.invocationId === invocationId && entry.outcome);
  }

  async #retake(invocation: Invocation, entry: LedgerEntry): Promise<undefined | 'again'> {
    const { intentId, argumentsHash, epoch, generation } = entry;
    invocation.intent = { intentId, argumentsHash, epoch, generation: generation + 1 };
    invocation.mayHaveHappened = entry.state === 'unknown';
    invocation.committed = await this.evidence.retake(invocation, entry);
    return invocation.committed ? undefined : 'again';
  }

  async #open(invocation: Invocation, epoch: number): Promise<undefined | 'again'> {
    invocation.intent = { ...invocation.intent!, epoch };
    invocation.committed = await this.evidence.open(invocation);
    return invocation.committed ? undefined : 'again';
  }
}
