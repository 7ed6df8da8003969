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
import { AwaitedReports } from '../outside/awaited-reports.ts';
import { CallEvents } from '../outside/call-events.ts';
import { EndedInvocations } from '../outside/ended-invocations.ts';
import { RunnerLease } from '../outside/runner-lease.ts';
import { RunningInvocations } from '../outside/running-invocations.ts';
import { inTime, LATE } from '../pipeline/in-time.ts';
import { Invocation } from '../pipeline/invocation.ts';
import { outlivesTurn } from '../pipeline/outlive-turn.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { RecordEvidence } from '../pipeline/record-evidence.ts';
import { ResolveFunction } from '../pipeline/resolve-function.ts';

/** Runs a function for a caller, and answers in time whatever becomes of it. */
@Injectable()
export class RunInvocation {
  readonly #tracer = trace.getTracer('@patchbay/runner');

  constructor(
    private readonly resolveFunction: ResolveFunction,
    private readonly pipeline: Pipeline,
    private readonly recordEvidence: RecordEvidence,
    private readonly running: RunningInvocations,
    private readonly reports: AwaitedReports,
    private readonly events: CallEvents,
    private readonly lease: RunnerLease,
    private readonly ended: EndedInvocations,
    @Inject(KIT_LOGGER) private readonly logger: Logger,
  ) {}

  async run(input: InputOf<typeof edge.invoke>, request: RequestContext): Promise<Outcome> {
    const process = trace.getActiveSpan();
    process?.setAttributes({ [ATTR.conversationId]: input.sessionId, [ATTR.sessionId]: input.sessionId, [ATTR.turnId]: input.turnId });
    const invocation = new Invocation(input, request, process?.spanContext().traceId ?? '');
    const resolving = this.resolveFunction.run(invocation);
    const refusal = resolving instanceof Promise ? await resolving : resolving;
    this.running.add(invocation);
    return refusal ? this.#end(invocation, refusal) : this.#answerInTime(invocation);
  }

  async #answerInTime(invocation: Invocation): Promise<Outcome> {
    const finished = this.#execute(invocation);
    const first = outlivesTurn(invocation) ? Promise.race([finished, invocation.whenGoingOn()]) : finished;
    const outcome = await inTime(first, invocation.replyLeftMs);
    if (outcome !== LATE && outcome !== undefined) return outcome;
    finished
      .then((later) => this.#tellLater(invocation, later))
      .catch((err: unknown) => this.logger.error({ err, invocationId: invocation.invocationId }, 'an invocation that went on could not be finished'));
    return invocation.outcome();
  }

  /** A runner that stood still for longer than its lease may have been taken for dead: then what is on record counts. */
  async #tellLater(invocation: Invocation, later: Outcome): Promise<void> {
    const { goesOn, leaseTerm, organizationId, edgeId, invocationId } = invocation;
    if (!goesOn || this.lease.holdsSince(leaseTerm)) return this.events.result(invocation.about, later);
    await invocation.stored;
    const known = await this.ended.find(organizationId, edgeId, { invocationId });
    if (known && known.status !== 'pending') this.events.result(invocation.about, known);
  }

  async #execute(invocation: Invocation): Promise<Outcome> {
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
    const verdict = await context.with(trace.setSpan(context.active(), span), () => this.#verdict(invocation));
    span.setAttribute(ATTR.outcome, verdict.status);
    if (verdict.error) span.setAttribute(ATTR.errorType, verdict.error.code).setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    return verdict.directive ? this.#awaitReport(invocation, verdict) : this.#end(invocation, verdict);
  }

  async #verdict(invocation: Invocation): Promise<Verdict> {
    try {
      return await this.pipeline.run(invocation);
    } catch (err) {
      this.logger.error({ err, invocationId: invocation.invocationId }, 'an invocation failed inside the runner');
      // A defect of ours must not make a write look undone: from the intent on it may have been sent.
      return invocation.committed
        ? refused('unknown', 'internal', 'Something went wrong here; whether it happened is not known.')
        : refused('failed', 'internal', 'Something went wrong here.');
    }
  }

  /** The edge carries it out and reports; without a word from it, nobody knows. */
  #awaitReport(invocation: Invocation, verdict: Verdict): Outcome {
    invocation.verdict = verdict;
    this.reports.add(invocation, () => {
      const silent = refused('unknown', 'unknown_outcome', 'The edge did not report what became of it.');
      void this.#end(invocation, silent).then((outcome) => this.events.result(invocation.about, outcome));
    });
    return this.#answer(invocation);
  }

  async #end(invocation: Invocation, verdict: Verdict): Promise<Outcome> {
    invocation.verdict = verdict;
    await this.recordEvidence.run(invocation, verdict);
    return this.#answer(invocation);
  }

  #answer(invocation: Invocation): Outcome {
    const outcome = invocation.outcome();
    this.#leave(invocation, outcome);
    invocation.answer(outcome);
    return outcome;
  }

  /** A write is joined until the ledger knows how it ended: a repeat would find it under way there, or nobody to ask. */
  #leave(invocation: Invocation, outcome: Outcome): void {
    const { requestKey, committed, stored } = invocation;
    if (!requestKey) return;
    if (committed && stored) void stored.then(() => this.running.answered(requestKey, invocation, outcome));
    else this.running.answered(requestKey, invocation, outcome);
  }
}
