import { Injectable } from '@nestjs/common';
import type { Outcome } from '@patchbay/contracts/outcome';
import { DataSource } from 'typeorm';
import { toOutcome } from './invocation-rows.ts';
import { InvocationRepository } from './invocation.repository.ts';
import { LedgerRepository } from './ledger.repository.ts';

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
  ) {}

  async find(organizationId: string, edgeId: string, { invocationId, sessionId, toolCallId }: Named): Promise<Outcome | null> {
    const { manager } = this.source;
    if (!invocationId) return this.invocations.findByToolCall(manager, organizationId, edgeId, sessionId ?? '', toolCallId ?? '');
    const ended = await this.invocations.findEnded(manager, organizationId, invocationId);
    const original = ended?.facts?.replayOf;
    // A repeat ends as its original does.
    if (original && original !== invocationId) return this.find(organizationId, edgeId, { invocationId: original });
    if (ended) return ended.edge_id === edgeId ? toOutcome(ended) : null;
    const running = await this.ledger.findRunning(manager, organizationId, edgeId, invocationId);
    if (!running) return null;
    return { ...toOutcome({ ...running, status: 'pending', verdict: { status: 'pending' }, duration_ms: null, attempt: 1, verify_at: null, stored_at: running.committed_at, sent: 0 }) };
  }
}
