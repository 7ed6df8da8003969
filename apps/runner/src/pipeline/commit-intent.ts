import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { refused, type Verdict } from '../domain/verdict.ts';
import { CredentialCache } from '../outside/credential-cache.ts';
import { EvidenceWriter } from '../outside/evidence-writer.ts';
import { RunnerLease } from '../outside/runner-lease.ts';
import { inTime, LATE, REPLY_RESERVE_MS } from './in-time.ts';
import type { Invocation, Step } from './invocation.ts';
import { prepareRequest } from './prepare-request.ts';
import { ResolveConflict } from './resolve-conflict.ts';

/** Whatever changes the world is in the ledger before a byte is sent, once; if it cannot be, it is not sent. */
@Injectable()
export class CommitIntent implements Step {
  constructor(
    private readonly evidence: EvidenceWriter,
    private readonly resolveConflict: ResolveConflict,
    private readonly lease: RunnerLease,
    private readonly credentials: CredentialCache,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(invocation: Invocation): Promise<Verdict | undefined> {
    if (!invocation.changesTheWorld) return undefined;
    if (!this.lease.holds) return refused('rejected', 'overloaded', 'This runner has lost touch with its database; nothing was sent.');
    invocation.leaseTerm = this.lease.term;
    const { yes, argumentsHash } = invocation;
    invocation.intent = { intentId: newId('intent'), argumentsHash, epoch: yes?.consent.epoch ?? 1, generation: 1 };
    try {
      const opening = this.evidence.open(invocation);
      // In a turn of its own, behind the one that sends the intent to PostgreSQL.
      setImmediate(() => this.#prepare(invocation));
      const opened = await inTime(opening, invocation.replyLeftMs - REPLY_RESERVE_MS);
      // It may still be committed later. Its outcome is stored under its id now, so nobody will take it for one that runs.
      if (opened === LATE) return refused('rejected', 'budget_exhausted', 'The request could not be recorded in time, so it was not sent.');
      if (!opened) return await this.resolveConflict.run(invocation);
      invocation.committed = true;
      return undefined;
    } catch (err) {
      this.logger.error({ err, invocationId: invocation.invocationId }, 'an intent could not be committed; nothing was sent');
      return refused('rejected', 'internal', 'The request could not be recorded, so it was not sent.');
    }
  }

  /** Makes the request while PostgreSQL commits. What stands in its way is for the steps behind to find, and to tell. */
  #prepare(invocation: Invocation): void {
    const { connectionId, http } = invocation.function!;
    const credential = connectionId === null ? undefined : this.credentials.get(invocation.organizationId, connectionId);
    if (!http || (connectionId !== null && !credential)) return;
    try {
      const request = prepareRequest(invocation, credential);
      if (!('status' in request)) invocation.prepared = request;
    } catch (err) {
      this.logger.debug({ err, invocationId: invocation.invocationId }, 'a request could not be made ahead; it is tried again in its turn');
    }
  }
}
