import { Injectable } from '@nestjs/common';
import { SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { SendResult } from '@patchbay/egress/send-result';
import { placeArguments, type PlacedRequest } from '@patchbay/egress/place-arguments';
import { PlacementError } from '@patchbay/egress/placement-error';
import { ATTR } from '@patchbay/service-kit/telemetry/names';
import { EFFECT_RULES } from '../domain/effect.ts';
import { refused, type Verdict } from '../domain/verdict.ts';
import { Provider } from '../outside/provider.ts';
import { attemptEvidence } from './attempt-evidence.ts';
import type { Invocation, Step } from './invocation.ts';

/** Kept back from the deadline to record the outcome and reply. */
const REPLY_RESERVE_MS = 50;

/** Sends the request once, inside what is left of the turn's budget. */
@Injectable()
export class SendAttempt implements Step {
  readonly #tracer = trace.getTracer('@patchbay/runner');

  constructor(private readonly provider: Provider) {}

  async run(invocation: Invocation): Promise<Verdict | undefined> {
    const called = invocation.function!;
    const leftMs = (invocation.deadline?.remainingMs ?? called.timeoutMs) - REPLY_RESERVE_MS;
    if (leftMs <= 0) return refused('rejected', 'budget_exhausted', 'There was no time left in this turn; nothing was sent.');
    const placed = this.#place(invocation);
    if ('status' in placed) return placed;

    const span = this.#startSpan(invocation, placed);
    const startedAt = new Date();
    const headers = headersOf(invocation, placed);
    invocation.sent = await this.provider.send({
      key: `${invocation.organizationId} ${called.connectionId ?? called.toolId}`,
      method: placed.method,
      url: placed.url,
      headers,
      body: placed.body,
      deadlineMs: Math.min(leftMs, called.timeoutMs),
      signal: EFFECT_RULES[called.effect].cancellable ? invocation.abort.signal : undefined,
    });
    endSpan(span, invocation.sent);
    invocation.attempts.push(
      attemptEvidence({ attempt: invocation.attempts.length + 1, startedAt, placed, credential: invocation.credential, sent: invocation.sent }),
    );
    return undefined;
  }

  #place({ function: called, input }: Invocation): PlacedRequest | Verdict {
    try {
      return placeArguments(called!.http, input.arguments);
    } catch (error) {
      if (!(error instanceof PlacementError)) throw error;
      const fields = [{ path: error.argument, problem: error.problem }];
      return refused('rejected', 'invalid_arguments', `The arguments do not fit: ${error.argument} ${error.problem}.`, { fields });
    }
  }

  #startSpan({ organizationId, function: called, attempts }: Invocation, { method, url }: PlacedRequest): Span {
    const { hostname, port, protocol } = new URL(url);
    return this.#tracer.startSpan(`${method} ${called!.urlTemplate}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        [ATTR.organizationId]: organizationId,
        [ATTR.attempt]: attempts.length + 1,
        [ATTR.httpMethod]: method,
        [ATTR.urlTemplate]: called!.urlTemplate,
        [ATTR.serverAddress]: hostname,
        [ATTR.serverPort]: Number(port) || (protocol === 'https:' ? 443 : 80),
      },
    });
  }
}

function headersOf({ credential, changesTheWorld, invocationId }: Invocation, placed: PlacedRequest): Record<string, string> {
  return {
    accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
    ...placed.headers,
    ...(changesTheWorld ? { 'idempotency-key': invocationId } : {}),
    ...credential?.headers,
  };
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
