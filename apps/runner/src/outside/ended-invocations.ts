import { Injectable } from '@nestjs/common';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { Transaction } from '@patchbay/service-kit/database/database';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { DataSource } from 'typeorm';
import { toOutcome } from './invocation-rows.ts';
import { InvocationRepository } from './invocation.repository.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { PendingRepository } from './pending.repository.ts';

interface Named {
  invocationId?: string | undefined;
  sessionId?: string | undefined;
  toolCallId?: string | undefined;
}

/** Invocations as the database knows them: ended, or in the ledger of a runner that may be gone. */
@Injectable()
export class EndedInvocations {
  constructor(
    private readonly source: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly ledger: LedgerRepository,
    private readonly pending: PendingRepository,
  ) {}

  find(organizationId: string, edgeId: string, named: Named): Promise<Outcome | null> {
    return inOrganization(this.source, organizationId, (tx) => this.#find(tx, organizationId, edgeId, named));
  }

  async #find(tx: Transaction, organizationId: string, edgeId: string, { invocationId, sessionId, toolCallId }: Named): Promise<Outcome | null> {
    if (!invocationId) return this.invocations.findByToolCall(tx, organizationId, edgeId, sessionId ?? '', toolCallId ?? '');
    const ended = await this.invocations.findEnded(tx, organizationId, invocationId);
    const original = ended?.facts?.replayOf;
    // A repeat ends as its original does.
    if (original && original !== invocationId) return this.#find(tx, organizationId, edgeId, { invocationId: original });
    if (ended) return ended.edge_id === edgeId ? toOutcome(ended) : null;
    const begun =
      (await this.ledger.findRunning(tx, organizationId, edgeId, invocationId)) ?? (await this.pending.find(tx, organizationId, edgeId, invocationId));
    return begun && toOutcome({ ...begun, verdict: { status: 'pending' }, duration_ms: null, sent: 0 });
  }
}
