import { Inject, Injectable } from '@nestjs/common';
import type { InvocationStatus } from '@patchbay/contracts/outcome';
import type { Attempt } from '@patchbay/contracts/runner';
import type { PlacedRequest } from '@patchbay/egress/place-arguments';
import type { SendResult } from '@patchbay/egress/send-result';
import { isDataError, type Transaction } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { reduce } from '../domain/state.ts';
import type { Verdict } from '../domain/verdict.ts';
import { attemptEvidence, requestEvidence } from '../pipeline/attempt-evidence.ts';
import type { Invocation } from '../pipeline/invocation.ts';
import { readAnswer } from '../pipeline/read-answer.ts';
import type { InvocationTable } from '../tables/invocation.table.ts';
import { CallEvents, type CallRequest } from './call-events.ts';
import { toOutcome } from './invocation-rows.ts';
import { InvocationRepository } from './invocation.repository.ts';
import { learntContent } from './seal-chain.ts';
import { RunnerMetrics } from './runner-metrics.ts';
import { Seals } from './seals.ts';

/** Together longer than a restart of the database takes. */
const MAX_TRIES = 40;
const RETRY_MS = 500;

/** What is learnt about a write after its caller was told that it is not known. */
@Injectable()
export class LaterOutcomes {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly events: CallEvents,
    private readonly seals: Seals,
    private readonly metrics: RunnerMetrics,
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
    // It refuses this try; an earlier one may have worked all the same.
    if (verdict.status === 'failed' && invocation.mayHaveHappened) return;
    if (!invocation.stored) await invocation.whenAnswered();
    await invocation.stored;
    const startedAt = new Date(Date.now() - late.timings.totalMs);
    const evidence = attemptEvidence(requestEvidence({ attempt: 0, kind: 'request', startedAt, placed, credential: invocation.credential }), late);
    await this.learn(invocation.about, verdict, evidence);
  }

  /** Stores what was learnt and tells the edge; the first to know counts. */
  async learn(about: CallRequest, verdict: Verdict, evidence: Attempt | null): Promise<boolean> {
    const { organizationId, sessionId, invocationId } = about;
    const row = { org_id: organizationId, invocation_id: invocationId };
    const inside = <T>(work: (tx: Transaction) => Promise<T>) => inOrganization(this.source, organizationId, work);
    if (evidence) await this.keepAttempt(row, evidence);
    const before = await inside((tx) => this.invocations.findEnded(tx, organizationId, invocationId));
    if (!before || !isNews(before.status, verdict.status)) return false;
    const seal = this.seals.next(organizationId, sessionId, learntContent(invocationId, verdict));
    if (!(await inside((tx) => this.invocations.learn(tx, row, verdict, seal)))) {
      this.seals.takeBack(organizationId, sessionId, seal);
      return false;
    }
    const ended = await inside((tx) => this.invocations.findEnded(tx, organizationId, invocationId));
    if (ended) this.events.result(about, toOutcome(ended));
    return true;
  }

  /** The evidence of a request that was sent, whatever it told; a database that is away is waited for, and a loss is said. */
  async keepAttempt(row: Pick<InvocationTable, 'org_id' | 'invocation_id'>, evidence: Attempt): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await inOrganization(this.source, row.org_id, (tx) => this.invocations.addAttempt(tx, row, evidence));
      } catch (err) {
        if (tries === MAX_TRIES || isDataError(err)) {
          this.metrics.evidenceLost();
          this.logger.error({ err, invocationId: row.invocation_id }, 'evidence was lost');
          return;
        }
        await delay(RETRY_MS);
      }
    }
  }
}

function isNews(known: InvocationStatus, learnt: InvocationStatus): boolean {
  if (known !== 'unknown' || (learnt !== 'succeeded' && learnt !== 'failed')) return false;
  return reduce(known, { type: 'learn', status: learnt }) !== known;
}
