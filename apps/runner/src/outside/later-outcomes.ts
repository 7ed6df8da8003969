import { Inject, Injectable } from '@nestjs/common';
import type { Attempt } from '@patchbay/contracts/runner';
import type { PlacedRequest } from '@patchbay/egress/place-arguments';
import type { SendResult } from '@patchbay/egress/send-result';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { reduce, type TerminalStatus } from '../domain/state.ts';
import type { Verdict } from '../domain/verdict.ts';
import { attemptEvidence } from '../pipeline/attempt-evidence.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { readAnswer } from '../pipeline/read-answer.ts';
import { CallEvents, type CallRequest } from './call-events.ts';
import { toOutcome } from './invocation-rows.ts';
import { InvocationRepository } from './invocation.repository.ts';
import { learntContent } from './seal-chain.ts';
import { Seals } from './seals.ts';

/** What is learnt about a write after its caller was told that it is not known. */
@Injectable()
export class LaterOutcomes {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly events: CallEvents,
    private readonly seals: Seals,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /** A late answer of the provider is the truth, whatever was told meanwhile. */
  adopt(invocation: Invocation, placed: PlacedRequest, late: SendResult): void {
    this.#adopt(invocation, placed, late).catch((err: unknown) => {
      this.logger.error({ err, invocationId: invocation.invocationId }, 'a late answer could not be adopted; the invocation stays unknown');
    });
  }

  async #adopt(invocation: Invocation, placed: PlacedRequest, late: SendResult): Promise<void> {
    if (late.kind !== 'answered') return;
    const verdict = readAnswer(late, invocation);
    if (verdict.status !== 'succeeded' && verdict.status !== 'failed') return;
    await invocation.stored;
    const startedAt = new Date(Date.now() - late.timings.totalMs);
    const evidence = attemptEvidence({ attempt: 0, kind: 'request', startedAt, placed, credential: invocation.credential, sent: late });
    await this.learn(invocation.about, verdict, evidence);
  }

  /** Stores what was learnt and tells the edge; the first to know counts. */
  async learn(about: CallRequest, verdict: Verdict, evidence: Attempt | null): Promise<boolean> {
    const { organizationId, sessionId, invocationId } = about;
    const row = { org_id: organizationId, invocation_id: invocationId };
    const { manager } = this.source;
    const before = await this.invocations.findEnded(manager, organizationId, invocationId);
    const isNews = before && (verdict.status === 'succeeded' || verdict.status === 'failed') && reduce(before.status as TerminalStatus, { type: 'learn', status: verdict.status }) !== before.status;
    if (!isNews) return false;
    if (evidence) await this.invocations.addAttempt(manager, row, evidence);
    const seal = this.seals.next(organizationId, sessionId, learntContent(invocationId, verdict));
    if (!(await this.invocations.learn(manager, row, verdict, seal))) return false;
    const ended = await this.invocations.findEnded(manager, organizationId, invocationId);
    if (ended) this.events.result(about, toOutcome(ended));
    return true;
  }
}
