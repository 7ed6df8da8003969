import type { ResolvedConnection } from '@patchbay/contracts/credentials';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { Attempt } from '@patchbay/contracts/runner';
import type { SendResult } from '@patchbay/egress/send-result';
import { newId } from '@patchbay/service-kit/identity/new-id';
import { Deadline, type RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { EFFECT_RULES } from '../domain/effect.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { CompiledFunction } from '../outside/agent-functions.ts';

/** One request to run a function, on its way through the pipeline; each step fills in what it found out. */
export class Invocation {
  readonly invocationId = newId('invocation');
  readonly receivedAt = new Date();
  readonly #startedAt = performance.now();
  readonly organizationId: string;
  readonly edgeId: string;
  readonly attempts: Attempt[] = [];
  /** Aborted by a cancel. */
  readonly abort = new AbortController();

  deadline: Deadline | null;
  versionId = '';
  function: CompiledFunction | undefined;
  credential: ResolvedConnection | undefined;
  sent: SendResult | undefined;
  /** The row is in the database, `running`: it must be settled there. */
  committed = false;
  durationMs: number | null = null;
  verdict: Verdict | undefined;

  constructor(
    readonly input: InputOf<typeof edge.invoke>,
    request: RequestContext,
    readonly traceId: string,
  ) {
    this.organizationId = request.organizationId;
    this.edgeId = request.edgeId;
    this.deadline = request.deadline;
  }

  get elapsedMs(): number {
    return Math.round((performance.now() - this.#startedAt) * 100) / 100;
  }

  get changesTheWorld(): boolean {
    return this.function !== undefined && EFFECT_RULES[this.function.effect].changesTheWorld;
  }

  /** As it stands: `pending` until there is a verdict. */
  outcome(): Outcome {
    return {
      invocationId: this.invocationId,
      ...(this.verdict ?? { status: 'pending' as const }),
      replayed: false,
      attempts: this.attempts.length,
      durationMs: this.durationMs ?? this.elapsedMs,
      traceId: this.traceId,
    };
  }
}

/** A step of the pipeline; a verdict ends the invocation, nothing lets it go on. */
export interface Step {
  run(invocation: Invocation): Verdict | undefined | Promise<Verdict | undefined>;
}
