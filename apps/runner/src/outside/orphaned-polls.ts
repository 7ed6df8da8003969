import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { EFFECT_RULES } from '@patchbay/contracts/effect';
import type { Attempt } from '@patchbay/contracts/runner';
import { inOrganization } from '@patchbay/service-kit/database/organization';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { nextLookMs } from '../domain/verification.ts';
import { AgentFunctions } from './agent-functions.ts';
import { CallEvents } from './call-events.ts';
import { attemptRows, requestOf, rowOfBegun, toOutcome } from './invocation-rows.ts';
import { InvocationRepository } from './invocation.repository.ts';
import type { OrphanedPoll } from './pending.repository.ts';
import { CANCELLED, Poller, unfinished, type Watching } from './poller.ts';
import { RunnerMetrics } from './runner-metrics.ts';
import { Seals } from './seals.ts';
import { Sessions } from './sessions.ts';

const RETRY_MS = 500;

/** What a runner that is gone had started at a provider: its end is found out, stored and told here. */
@Injectable()
export class OrphanedPolls implements BeforeApplicationShutdown {
  #stopping = false;

  constructor(
    private readonly source: DataSource,
    private readonly functions: AgentFunctions,
    private readonly sessions: Sessions,
    private readonly invocations: InvocationRepository,
    private readonly poller: Poller,
    private readonly seals: Seals,
    private readonly events: CallEvents,
    private readonly metrics: RunnerMetrics,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  /** It is this runner's now, on record: if it cannot end it either, the next one takes it over. */
  follow(orphan: OrphanedPoll): void {
    void this.#untilEnded(orphan, performance.now() + orphan.left_ms);
  }

  beforeApplicationShutdown(): void {
    this.#stopping = true;
  }

  async #untilEnded(orphan: OrphanedPoll, endsAt: number): Promise<void> {
    while (!this.#stopping) {
      try {
        return await this.#follow(orphan, endsAt - performance.now());
      } catch (err) {
        this.logger.warn({ err, invocationId: orphan.invocation_id }, 'what a dead runner had started could not be followed; trying again');
        await delay(RETRY_MS);
      }
    }
  }

  async #follow(orphan: OrphanedPoll, leftMs: number): Promise<void> {
    const { org_id: organizationId, invocation_id: invocationId } = orphan;
    const attempts = await inOrganization(this.source, organizationId, (tx) => this.invocations.listAttempts(tx, organizationId, invocationId));
    const end = await this.#watch(orphan, attempts, leftMs);
    if (!end) return;
    await this.#store(orphan, end, attempts);
    const ended = await inOrganization(this.source, organizationId, (tx) => this.invocations.findEnded(tx, organizationId, invocationId));
    if (ended) this.events.result(requestOf(orphan), toOutcome(ended));
    this.metrics.settled(orphan.effect, end.verdict);
  }

  async #watch(orphan: OrphanedPoll, attempts: Attempt[], leftMs: number): Promise<Watching> {
    const { org_id: organizationId, session_id: sessionId, invocation_id: invocationId, intent_id: intentId, function: name } = orphan;
    const [agent, session] = await Promise.all([
      this.functions.find(organizationId, orphan.version_id),
      this.sessions.find(organizationId, sessionId),
    ]);
    const called = agent?.functions.get(name);
    if (session?.state === 'ended' && EFFECT_RULES[orphan.effect].atHangUp === 'cancel') return { verdict: CANCELLED, checks: 0 };
    if (!called?.poll) return { verdict: unfinished(orphan), checks: 0 };
    const origin = {
      organizationId,
      sessionId,
      invocationId,
      intentId,
      function: name,
      agentId: session?.agentId ?? '',
      callerNumber: session?.callerNumber ?? null,
    };
    return this.poller.watch({ called, arguments: orphan.arguments, values: orphan.poll.values, origin, attempts, leftMs });
  }

  /** The runner that was taken for dead may have ended it after all: then that counts. */
  async #store(orphan: OrphanedPoll, { verdict, checks }: NonNullable<Watching>, attempts: Attempt[]): Promise<void> {
    const decision = { step: 'poll', decision: verdict.status, why: `its runner was gone; asked ${checks} times by another` };
    const facts = { ...orphan.facts, decisions: [...orphan.facts.decisions, decision] };
    // Whether its action says how to look is found out by the loop that does.
    const row = rowOfBegun({ ...orphan, facts }, verdict, verdict.status === 'unknown' ? nextLookMs(0) : null);
    const sent = attemptRows({ organizationId: row.org_id, invocationId: row.invocation_id, attempts });
    this.seals.seal(row, attempts);
    let stored = 0;
    try {
      stored = await inOrganization(this.source, row.org_id, (tx) => this.invocations.insertFinished(tx, [row], sent));
    } finally {
      if (stored === 0) this.seals.takeBack(row.org_id, row.session_id, row.facts!.seal!);
    }
  }
}
