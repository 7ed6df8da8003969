import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@patchbay/service-kit/bootstrap/rounds';
import { WORKERS } from '@patchbay/service-kit/database/database';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { refused, type Verdict } from '../domain/verdict.ts';
import { conclude, nextLookMs } from '../domain/verification.ts';
import { AgentFunctions } from '../outside/agent-functions.ts';
import { CredentialCache } from '../outside/credential-cache.ts';
import { requestOf } from '../outside/invocation-rows.ts';
import { InvocationRepository, type UnknownWrite } from '../outside/invocation.repository.ts';
import { LaterOutcomes } from '../outside/later-outcomes.ts';
import { WriteVerifier } from '../outside/write-verifier.ts';

const TICK_MS = 500;
/** Looked at side by side; a provider that does not answer holds up no others for long. */
const AT_ONCE = 20;
const LOOK_MS = 5_000;
/** Longer than a look: nobody else takes it meanwhile, and it is looked at again if this process dies. */
const CLAIM_MS = 15_000;

/** Finds out what became of writes of which nothing is known, with the read that their action declares. */
@Injectable()
export class VerifyUnknowns implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds: Rounds;

  constructor(
    @Inject(WORKERS) private readonly workers: DataSource,
    private readonly invocations: InvocationRepository,
    private readonly functions: AgentFunctions,
    private readonly credentials: CredentialCache,
    private readonly verifier: WriteVerifier,
    private readonly later: LaterOutcomes,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    const trouble = 'unknown writes could not be looked at; the next round tries again';
    this.#rounds = new Rounds({ everyMs: TICK_MS, run: () => this.look(), logger, trouble });
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async look(): Promise<void> {
    const due = await this.invocations.claimUnknown(this.workers.manager, AT_ONCE, CLAIM_MS);
    await Promise.all(
      due.map((row) =>
        this.#lookAt(row).catch((err: unknown) => this.logger.warn({ err, invocationId: row.invocation_id }, 'an unknown write could not be looked at')),
      ),
    );
  }

  async #lookAt(row: UnknownWrite): Promise<void> {
    const agent = await this.functions.find(row.org_id, row.version_id);
    const called = agent?.functions.get(row.function);
    // Without a way to find out it waits for a person, or for a late answer.
    if (!called?.verify) return this.invocations.planLook(this.workers.manager, row, 0, null);
    const credential = called.connectionId === null ? undefined : await this.credentials.resolve(row.org_id, called.connectionId, LOOK_MS);
    const origin = {
      organizationId: row.org_id,
      agentId: '',
      sessionId: row.session_id,
      callerNumber: null,
      invocationId: row.invocation_id,
      intentId: row.facts?.intentId ?? null,
      function: row.function,
    };
    const { finding, evidence } = await this.verifier.look({ called, arguments: row.arguments, origin, credential, deadlineMs: LOOK_MS, attempt: 0 });
    const found = conclude(finding, row.stored_ms_ago);
    if (found) {
      await this.later.learn(requestOf(row), verdictOf(found), evidence);
      return;
    }
    if (evidence) await this.later.keepAttempt(row, evidence);
    const looks = (row.facts?.looks ?? 0) + 1;
    await this.invocations.planLook(this.workers.manager, row, looks, nextLookMs(looks));
  }
}

function verdictOf(found: 'succeeded' | 'failed'): Verdict {
  return found === 'succeeded' ? { status: 'succeeded' } : refused('failed', 'provider_rejected', 'The provider says that it did not happen.');
}
