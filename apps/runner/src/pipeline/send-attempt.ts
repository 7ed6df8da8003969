import { Injectable } from '@nestjs/common';
import { SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { PlacedRequest } from '@patchbay/egress/place-arguments';
import type { SendResult } from '@patchbay/egress/send-result';
import { ATTR } from '@patchbay/service-kit/telemetry/names';
import { setTimeout as delay } from 'node:timers/promises';
import { repeatIsSafe } from '../domain/intent.ts';
import { decideOnRetry } from '../domain/retry.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { LiveLatency } from '../guards/live-latency.ts';
import { RetryBudget } from '../guards/retry-budget.ts';
import { ConnectionReports } from '../outside/connection-reports.ts';
import { LaterOutcomes } from '../outside/later-outcomes.ts';
import { Provider } from '../outside/provider.ts';
import { ProviderGate } from '../outside/provider-gate.ts';
import { RunnerLease } from '../outside/runner-lease.ts';
import { attemptEnd } from './attempt-end.ts';
import { attemptEvidence, requestEvidence } from './attempt-evidence.ts';
import type { PreparedRequest } from './build-request.ts';
import { REPLY_RESERVE_MS } from './in-time.ts';
import type { Invocation, Step } from './invocation.ts';
import { prepareRequest } from './prepare-request.ts';

/** Sends the request inside what is left of the turn's budget, and again where that is safe and still fits. */
@Injectable()
export class SendAttempt implements Step {
  readonly #tracer = trace.getTracer('@patchbay/runner');

  constructor(
    private readonly provider: Provider,
    private readonly gate: ProviderGate,
    private readonly retries: RetryBudget,
    private readonly latency: LiveLatency,
    private readonly lease: RunnerLease,
    private readonly later: LaterOutcomes,
    private readonly reports: ConnectionReports,
  ) {}

  async run(invocation: Invocation): Promise<Verdict | undefined> {
    const { providerKey } = invocation.function!;
    this.retries.attemptSeen(providerKey!);
    for (;;) {
      const refusal = await this.#attempt(invocation);
      // What an earlier attempt has met says more than that another one was not made.
      if (refusal) return invocation.sent ? undefined : refusal;
      if (this.#fallBack(invocation)) continue;
      const delayMs = this.#retryDelay(invocation);
      if (delayMs === null) return undefined;
      invocation.mayHaveHappened ||= invocation.changesTheWorld && attemptEnd(invocation.sent!).sent;
      this.retries.retrySeen(providerKey!);
      await delay(delayMs);
    }
  }

  /** A provider's new secret may not be known everywhere yet. 401 means that nothing was done, so that any request may be made again. */
  #fallBack(invocation: Invocation): boolean {
    const { organizationId, invocationId, credential, sent } = invocation;
    if (!credential?.fallback || sent?.kind !== 'answered' || sent.status !== 401) return false;
    this.reports.tell({ organizationId, invocationId, credential, answer: sent, code: 'credential_invalid', refusedBefore: null });
    invocation.refusedCredential = credential.version;
    invocation.credential = { ...credential, ...credential.fallback, fallback: null };
    invocation.decide('credential', 'previous', 'the provider refused the secret that was just rotated in');
    return true;
  }

  async #attempt(invocation: Invocation): Promise<Verdict | undefined> {
    if (allowedMs(invocation) <= 0) return refused('rejected', 'budget_exhausted', 'There was no time left in this turn; nothing was sent.');
    const request = invocation.takePrepared() ?? prepareRequest(invocation, invocation.credential);
    if ('status' in request) return request;
    const entry = this.gate.enter(invocation.function!, invocation.organizationId, allowedMs(invocation));
    const admitted = entry instanceof Promise ? await entry : entry;
    if ('status' in admitted) return admitted;
    // Counted anew: there may have been a wait for a place.
    const deadlineMs = allowedMs(invocation);
    let sent: SendResult | undefined;
    try {
      sent = await this.#send(invocation, request, deadlineMs);
    } finally {
      admitted.leave(sent, deadlineMs);
    }
    return undefined;
  }

  async #send(invocation: Invocation, { placed, shown }: PreparedRequest, deadlineMs: number): Promise<SendResult> {
    const called = invocation.function!;
    const span = this.#startSpan(invocation, placed);
    const startedAt = new Date();
    const request = { key: `${invocation.organizationId} ${called.connectionId ?? called.toolId}`, ...placed, deadlineMs };
    const sending = invocation.changesTheWorld
      ? this.provider.sendWrite({ ...request, maySend: () => this.lease.holdsSince(invocation.leaseTerm) }, (late) => this.later.adopt(invocation, shown, late))
      : this.provider.send({ ...request, signal: invocation.signal });
    // While the provider is at work: the caller need not wait for it.
    const asked = requestEvidence({ attempt: invocation.attempts.length + 1, kind: 'request', startedAt, placed: shown, credential: invocation.credential });
    const sent = await sending;
    endSpan(span, sent);
    invocation.sent = sent;
    // A refused connection or a cancel says nothing about how long the function takes.
    if (sent.kind === 'answered' || sent.code === 'timeout') this.latency.record(called.functionId, sent.timings.totalMs);
    invocation.attempts.push(attemptEvidence(asked, sent));
    return sent;
  }

  /** Milliseconds until the next attempt; null when there is none. */
  #retryDelay(invocation: Invocation): number | null {
    const { function: called, sent, attempts } = invocation;
    const end = attemptEnd(sent!);
    if (!end.transient) return null;
    const decision = decideOnRetry({
      effect: called!.effect,
      repeatIsSafe: repeatIsSafe(called!.effect, called!.idempotency),
      end,
      attempts: attempts.length,
      leftMs: invocation.leftMs - REPLY_RESERVE_MS,
      usualMs: this.latency.p50(called!.functionId),
      hasRetryBudget: this.retries.mayRetry(called!.providerKey!),
      random: Math.random(),
    });
    invocation.decide('retry', decision.retry ? 'again' : 'no', decision.why);
    return decision.retry ? decision.delayMs : null;
  }

  #startSpan({ organizationId, function: called, attempts }: Invocation, { method }: PlacedRequest): Span {
    return this.#tracer.startSpan(`${method} ${called!.urlTemplate}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        [ATTR.organizationId]: organizationId,
        [ATTR.attempt]: attempts.length + 1,
        [ATTR.httpMethod]: method,
        [ATTR.urlTemplate]: called!.urlTemplate,
        [ATTR.serverAddress]: called!.serverAddress,
        [ATTR.serverPort]: called!.serverPort,
      },
    });
  }
}

/** What one attempt may take; a function that goes on behind the reply has its own time. */
function allowedMs({ goesOn, function: called, leftMs }: Invocation): number {
  return goesOn ? called!.timeoutMs : Math.min(leftMs - REPLY_RESERVE_MS, called!.timeoutMs);
}

function endSpan(span: Span, sent: SendResult): void {
  if (sent.kind === 'answered') {
    span.setAttributes({ [ATTR.httpStatus]: sent.status, [ATTR.httpResponseBytes]: sent.decodedBytes });
    if (sent.status >= 400) span.setAttribute(ATTR.errorType, String(sent.status)).setStatus({ code: SpanStatusCode.ERROR });
  } else {
    span.setAttribute(ATTR.errorType, sent.code).setStatus({ code: SpanStatusCode.ERROR, message: sent.code });
  }
  span.end();
}
