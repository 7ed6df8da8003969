import { Inject, Injectable } from '@nestjs/common';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { Verdict } from '../domain/verdict.ts';
import { attemptRows } from '../outside/invocation-rows.ts';
import { InvocationRepository } from '../outside/invocation.repository.ts';
import { PendingRepository } from '../outside/pending.repository.ts';
import { Poller, unfinished } from '../outside/poller.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';
import type { Invocation } from './invocation.ts';
import { namedInUrl } from './named-in-url.ts';
import { viewOf } from './view-answer.ts';

/** An action that only starts something has ended when the provider says so: the platform asks, not the model. */
@Injectable()
export class PollResult {
  constructor(
    private readonly source: DataSource,
    private readonly pending: PendingRepository,
    private readonly invocations: InvocationRepository,
    private readonly poller: Poller,
    private readonly running: RunningInvocations,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(invocation: Invocation, verdict: Verdict): Promise<Verdict> {
    const called = invocation.function!;
    if (!called.poll || verdict.status !== 'succeeded' || invocation.sent?.kind !== 'answered') return verdict;
    const values = namedInUrl(called.poll.http.url, { ...invocation.arguments, ...fieldsOf(viewOf(invocation.sent).body) });
    const kept = this.#keep(invocation, values);
    const { arguments: args, origin, attempts, signal } = invocation;
    const end = await this.poller.watch({ called, arguments: args, values, origin, attempts, signal, leftMs: called.poll.maxMs });
    if (end) {
      await kept;
      invocation.decide('poll', end.verdict.status, `asked ${end.checks} times; of equal answers in a row the last is kept`);
      return end.verdict;
    }
    if (!(await kept)) return unfinished(called);
    this.running.remove(invocation);
    // Another runner takes it over and tells how it ended.
    return new Promise(() => undefined);
  }

  /** Whoever takes it over knows what to ask, and what was sent. False: nobody can. */
  async #keep(invocation: Invocation, values: Record<string, unknown>): Promise<boolean> {
    const { organizationId, invocationId, function: called } = invocation;
    const sent = attemptRows(invocation);
    try {
      return await inOrganization(this.source, organizationId, async (tx) => {
        await this.invocations.addAttempts(tx, sent);
        return this.pending.startPoll(tx, organizationId, invocationId, { values }, called!.poll!.maxMs);
      });
    } catch (err) {
      this.logger.warn({ err, invocationId }, 'what was started is not on record: no other runner could follow it');
      return false;
    }
  }
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
}
