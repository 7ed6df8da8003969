import { Inject, Injectable } from '@nestjs/common';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { InputOf } from '@patchbay/contracts/define';
import type { edge } from '@patchbay/contracts/edge';
import type { Outcome } from '@patchbay/contracts/outcome';
import type { RequestContext } from '@patchbay/service-kit/messaging/request-context';
import { KIT_LOGGER } from '@patchbay/service-kit/telemetry/logger';
import { ATTR } from '@patchbay/service-kit/telemetry/names';
import type { Logger } from 'pino';
import { refused, type Verdict } from '../domain/verdict.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';
import { CheckArguments } from '../pipeline/check-arguments.ts';
import { CommitIntent } from '../pipeline/commit-intent.ts';
import { Invocation, type Step } from '../pipeline/invocation.ts';
import { ReadResult } from '../pipeline/read-result.ts';
import { RecordEvidence } from '../pipeline/record-evidence.ts';
import { ResolveCredential } from '../pipeline/resolve-credential.ts';
import { ResolveFunction } from '../pipeline/resolve-function.ts';
import { SendAttempt } from '../pipeline/send-attempt.ts';

/** Runs a function for a caller: the first step with a verdict ends it, and its evidence is recorded whatever it was. */
@Injectable()
export class RunInvocation {
  readonly #tracer = trace.getTracer('@patchbay/runner');
  readonly #steps: readonly Step[];

  constructor(
    private readonly resolveFunction: ResolveFunction,
    checkArguments: CheckArguments,
    commitIntent: CommitIntent,
    resolveCredential: ResolveCredential,
    sendAttempt: SendAttempt,
    readResult: ReadResult,
    private readonly recordEvidence: RecordEvidence,
    private readonly running: RunningInvocations,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {
    this.#steps = [checkArguments, commitIntent, resolveCredential, sendAttempt, readResult];
  }

  async run(input: InputOf<typeof edge.invoke>, request: RequestContext): Promise<Outcome> {
    const process = trace.getActiveSpan();
    process?.setAttributes({ [ATTR.conversationId]: input.sessionId, [ATTR.sessionId]: input.sessionId, [ATTR.turnId]: input.turnId });
    const invocation = new Invocation(input, request, process?.spanContext().traceId ?? '');
    const refusal = await this.resolveFunction.run(invocation);
    this.running.add(invocation);
    invocation.verdict = refusal ?? (await this.#execute(invocation));
    await this.recordEvidence.run(invocation, invocation.verdict);
    return invocation.outcome();
  }

  async #execute(invocation: Invocation): Promise<Verdict> {
    const { organizationId, invocationId, input } = invocation;
    const span = this.#tracer.startSpan(`execute_tool ${input.function}`, {
      kind: SpanKind.INTERNAL,
      attributes: {
        [ATTR.operationName]: 'execute_tool',
        [ATTR.toolName]: input.function,
        [ATTR.toolType]: 'extension',
        [ATTR.toolCallId]: input.toolCallId,
        [ATTR.organizationId]: organizationId,
        [ATTR.conversationId]: input.sessionId,
        [ATTR.invocationId]: invocationId,
      },
    });
    const verdict = await context.with(trace.setSpan(context.active(), span), () => this.#firstVerdict(invocation));
    span.setAttribute(ATTR.outcome, verdict.status);
    if (verdict.error) span.setAttribute(ATTR.errorType, verdict.error.code).setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    return verdict;
  }

  async #firstVerdict(invocation: Invocation): Promise<Verdict> {
    try {
      for (const step of this.#steps) {
        const verdict = await step.run(invocation);
        if (verdict) return verdict;
      }
      throw new Error('no step reached a verdict');
    } catch (err) {
      this.logger.error({ err, invocationId: invocation.invocationId }, 'an invocation failed inside the runner');
      // A defect of ours must not make a write look undone: from the intent on it may have been sent.
      return invocation.committed
        ? refused('unknown', 'internal', 'Something went wrong here; whether it happened is not known.')
        : refused('failed', 'internal', 'Something went wrong here.');
    }
  }
}
