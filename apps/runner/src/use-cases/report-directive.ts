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
import { rowOfBegun } from '../outside/invocation-rows.ts';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { LaterOutcomes } from '../outside/later-outcomes.ts';
import { LedgerRepository } from '../outside/ledger.repository.ts';
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
    const running = await inOrganization(this.source, organizationId, (tx) => this.ledger.findRunning(tx, organizationId, edgeId, invocationId));
    if (running) await inOrganization(this.source, organizationId, (tx) => this.invocations.insertFinished(tx, [rowOfBegun(running, verdict)], []));
    else await this.#learn(organizationId, edgeId, invocationId, verdict);
    const outcome = await inOrganization(this.source, organizationId, (tx) => this.invocations.findOutcome(tx, organizationId, edgeId, invocationId));
    if (outcome) return outcome;
    throw ServiceError.fields('not_found', `There is no invocation ${invocationId}.`, [
      { path: 'invocationId', problem: 'is not an invocation of this organization and edge' },
    ]);
  }

  /** The report comes after it was given up: now it is known. */
  async #learn(organizationId: string, edgeId: string, invocationId: string, verdict: Verdict): Promise<void> {
    const ended = await inOrganization(this.source, organizationId, (tx) => this.invocations.findEnded(tx, organizationId, invocationId));
    if (ended?.edge_id !== edgeId) return;
    const { session_id: sessionId, turn_id: turnId, tool_call_id: toolCallId, function: name } = ended;
    await this.later.learn({ organizationId, edgeId, sessionId, turnId, toolCallId, function: name, invocationId }, verdict, null);
  }
}

function verdictOf({ status, detail }: Input): Verdict {
  if (status === 'done') return { status: 'succeeded', result: detail ?? null };
  return refused('failed', 'provider_rejected', detail ?? 'The call could not be changed.');
}
