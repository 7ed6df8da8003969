import { Injectable } from '@nestjs/common';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import { ServiceError } from '@patchbay/contracts/errors';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { refused, type Verdict } from '../domain/verdict.ts';
import { AwaitedReports } from '../outside/awaited-reports.ts';
import { requestOf, rowOfBegun } from '../outside/invocation-rows.ts';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { LaterOutcomes } from '../outside/later-outcomes.ts';
import { LedgerRepository } from '../outside/ledger.repository.ts';
import { Seals } from '../outside/seals.ts';
import { RecordEvidence } from '../pipeline/record-evidence.ts';

type Input = InputOf<typeof edge.reportDirective>;

/** What became of a directive, from the edge that carried it out; whichever runner hears it settles the invocation. */
@Injectable()
export class ReportDirective {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly ledger: LedgerRepository,
    private readonly reports: AwaitedReports,
    private readonly later: LaterOutcomes,
    private readonly seals: Seals,
    private readonly recordEvidence: RecordEvidence,
  ) {}

  async run(input: Input, { organizationId, edgeId }: RequestContext): Promise<Outcome> {
    const { invocationId } = input;
    const verdict = verdictOf(input);
    const awaited = this.reports.take(organizationId, edgeId, invocationId);
    if (awaited) {
      awaited.verdict = verdict;
      await this.recordEvidence.run(awaited, verdict);
      return awaited.outcome();
    }
    const about = [organizationId, edgeId, invocationId, verdict] as const;
    // It may end, and be stored as unknown, between the two questions.
    if (!(await this.#learn(...about)) && !(await this.#settle(...about))) await this.#learn(...about);
    const outcome = await inOrganization(this.source, organizationId, (tx) => this.invocations.findOutcome(tx, organizationId, edgeId, invocationId));
    if (outcome) return outcome;
    throw ServiceError.fields('not_found', `There is no invocation ${invocationId}.`, [
      { path: 'invocationId', problem: 'is not an invocation of this organization and edge' },
    ]);
  }

  /** The report comes after it was given up: now it is known. False: it has not ended. */
  async #learn(organizationId: string, edgeId: string, invocationId: string, verdict: Verdict): Promise<boolean> {
    const ended = await inOrganization(this.source, organizationId, (tx) => this.invocations.findEnded(tx, organizationId, invocationId));
    if (!ended) return false;
    if (ended.edge_id === edgeId) await this.later.learn(requestOf(ended), verdict, null);
    return true;
  }

  /** Another runner has given the directive. False: it has ended by now. */
  async #settle(organizationId: string, edgeId: string, invocationId: string, verdict: Verdict): Promise<boolean> {
    return inOrganization(this.source, organizationId, async (tx) => {
      const begun = await this.ledger.findRunning(tx, organizationId, edgeId, invocationId);
      if (!begun) return true;
      const row = rowOfBegun(begun, verdict);
      this.seals.seal(row, []);
      const isStored = (await this.invocations.insertFinished(tx, [row], [])) === 1;
      if (!isStored) this.seals.takeBack(row.org_id, row.session_id, row.facts!.seal!);
      return isStored;
    });
  }
}

function verdictOf({ status, detail }: Input): Verdict {
  if (status === 'done') return { status: 'succeeded', result: detail ?? null };
  return refused('failed', 'provider_rejected', detail ?? 'The call could not be changed.');
}
