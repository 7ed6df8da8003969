import {
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
  type Msg,
} from '@nats-io/transport-node';
import { SpanKind, SpanStatusCode, trace, type Attributes, type Context } from '@opentelemetry/api';
import type { EdgeRpc, ReplyOf, RequestOf } from '@patchbay/contracts/define';
import { EDGE_REQUEST_MAX_BYTES, edgeSubject } from '@patchbay/contracts/edge';
import { ERROR_CODE_HEADER, ServiceError } from '@patchbay/contracts/errors';
import { setTimeout as delay } from 'node:timers/promises';
import type { Link } from './link.ts';
import { ATTR, TRACER } from './span-attributes.ts';
import { requestHeaders } from './trace-headers.ts';

/** The platform answers by the deadline + 100 ms; the rest is the way back. */
const GRACE_MS = 250;
const PAUSE_MS = { first: 25, longest: 250 };
/** `setTimeout` fires at once when asked for more than 24.8 days; no request is worth more than this. */
const LONGEST_DEADLINE_MS = 600_000;

export interface Ask {
  deadlineMs: number;
  /** Whose child the request is. */
  parent: Context;
  /** What the request is about, for its span. */
  attributes: Attributes;
}

/** Asks the platform: one operation of the edge contract, in a producer span, with a deadline. Rejects with `ServiceError` only. */
export class EdgeRequests {
  readonly #inFlight = new Set<Promise<unknown>>();
  #closing = false;

  constructor(
    private readonly link: Link,
    private readonly identity: { organizationId: string; edgeId: string },
  ) {}

  ask<C extends EdgeRpc>(contract: C, body: RequestOf<C>, ask: Ask): Promise<ReplyOf<C>> {
    const asked = this.#askInSpan(contract, body, ask).finally(() => this.#inFlight.delete(asked));
    this.#inFlight.add(asked);
    return asked;
  }

  /** Takes no further request and waits for those under way; their deadlines bound it. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#inFlight);
  }

  async #askInSpan<C extends EdgeRpc>(
    contract: C,
    body: RequestOf<C>,
    { deadlineMs, parent, attributes }: Ask,
  ): Promise<ReplyOf<C>> {
    const template = `edge.v1.{org}.{edge}.${contract.operation}`;
    const marks = {
      [ATTR.messagingSystem]: 'nats',
      [ATTR.messagingOperationType]: 'send',
      [ATTR.messagingOperationName]: 'request',
      [ATTR.messagingDestinationTemplate]: template,
    };
    const span = trace
      .getTracer(TRACER)
      .startSpan(`send ${template}`, { kind: SpanKind.PRODUCER, attributes: { ...attributes, ...marks } }, parent);
    try {
      const reply = await this.#send(
        contract.operation,
        encode(body),
        checked(deadlineMs),
        trace.setSpan(parent, span),
      );
      return readReply(contract, reply);
    } catch (error) {
      span.setAttribute(ATTR.errorType, error instanceof ServiceError ? error.code : 'internal');
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  /** "No responders" says that nobody received it, so asking again is safe; after any other failure it may have been carried out. */
  async #send(operation: string, payload: Uint8Array, deadlineMs: number, sender: Context): Promise<Msg> {
    const subject = edgeSubject(this.identity.organizationId, this.identity.edgeId, operation);
    const endsAt = performance.now() + deadlineMs;
    for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
      if (this.#closing) throw new ServiceError('failed_precondition', 'This edge is closed.');
      if (!(await this.link.stands(endsAt - performance.now()))) {
        throw new ServiceError('unavailable', 'There is no connection to NATS; the request was not sent.');
      }
      const leftMs = Math.max(1, endsAt - performance.now());
      try {
        const options = { timeout: Math.ceil(leftMs) + GRACE_MS, headers: requestHeaders(sender, leftMs) };
        return await this.link.nats.request(subject, payload, options);
      } catch (cause) {
        const isLast = performance.now() + pauseMs >= endsAt;
        if (!isNoResponders(cause) || isLast) throw toServiceError(operation, cause);
        await delay(pauseMs);
      }
    }
  }
}

function encode(body: unknown): Uint8Array {
  let text: string;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    throw new ServiceError('invalid_arguments', `The request cannot be written as JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  const payload = new TextEncoder().encode(text);
  if (payload.length <= EDGE_REQUEST_MAX_BYTES) return payload;
  throw new ServiceError(
    'payload_too_large',
    `The request has ${payload.length} bytes; ${EDGE_REQUEST_MAX_BYTES} are allowed.`,
    {
      details: { maxBytes: EDGE_REQUEST_MAX_BYTES },
    },
  );
}

function checked(deadlineMs: number): number {
  if (deadlineMs > 0 && deadlineMs <= LONGEST_DEADLINE_MS) return deadlineMs;
  const problem = `must be a number of milliseconds above 0 and at most ${LONGEST_DEADLINE_MS}`;
  throw ServiceError.fields('invalid_arguments', `deadlineMs: ${problem}.`, [{ path: 'deadlineMs', problem }]);
}

function readReply<C extends EdgeRpc>(contract: C, message: Msg): ReplyOf<C> {
  let body: unknown;
  try {
    body = message.json();
  } catch (cause) {
    throw new ServiceError('internal', `The answer to ${contract.operation} is not JSON.`, { cause });
  }
  if (message.headers?.has(ERROR_CODE_HEADER)) throw ServiceError.fromBody(body);
  const reply = contract.output.safeParse(body);
  if (reply.success) return reply.data as ReplyOf<C>;
  throw new ServiceError('internal', `The answer to ${contract.operation} is not in the edge contract.`, {
    cause: reply.error,
  });
}

function isNoResponders(cause: unknown): boolean {
  return cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders());
}

function toServiceError(operation: string, cause: unknown): ServiceError {
  if (isNoResponders(cause)) {
    return new ServiceError('unavailable', `Nobody answers ${operation}; the request was not received.`, { cause });
  }
  const reason = cause instanceof RequestError ? cause.cause : cause;
  if (reason instanceof PermissionViolationError) {
    return new ServiceError('forbidden', `NATS does not let this edge use ${reason.subject}.`, { cause });
  }
  if (cause instanceof TimeoutError || reason instanceof TimeoutError) {
    return new ServiceError(
      'deadline_exceeded',
      `No answer to ${operation} came in time; it may have been carried out.`,
      { cause },
    );
  }
  return new ServiceError(
    'deadline_exceeded',
    `The connection closed before ${operation} was answered; it may have been carried out.`,
    {
      cause,
    },
  );
}
