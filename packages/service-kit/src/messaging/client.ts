import { headers, NoRespondersError, nuid, PermissionViolationError, RequestError, TimeoutError, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { Inject, type Provider } from '@nestjs/common';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReplyOf, RequestOf, Rpc, RpcGroup } from '@patchbay/contracts/define';
import { DEADLINE_HEADER } from '@patchbay/contracts/edge';
import { ERROR_CODE_HEADER, ServiceError } from '@patchbay/contracts/errors';
import { setTimeout as delay } from 'node:timers/promises';
import { ATTR } from '../telemetry/names.ts';
import { injectTrace } from '../telemetry/propagation.ts';
import { injectActor } from './actor.ts';
import { connectionStands, followConnection } from './connection-state.ts';
import { NATS } from './nats.ts';

const DEFAULT_TIMEOUT_MS = 5_000;

export interface CallOptions {
  /** Milliseconds until `deadline_exceeded`; the other side learns what is left. */
  timeoutMs?: number;
}

export type ClientOf<G extends RpcGroup> = {
  readonly [K in keyof G]: (input: RequestOf<G[K]>, options?: CallOptions) => Promise<ReplyOf<G[K]>>;
};

/**
 * A typed client: `clientFor(nats, credentials).getEdge({ … })`. Rejects with `ServiceError`: what the other side said,
 * `deadline_exceeded` when no reply came in time, `unavailable` when nobody was there for the whole time.
 */
export function clientFor<G extends RpcGroup>(nats: NatsConnection, group: G): ClientOf<G> {
  followConnection(nats);
  const calls = Object.entries(group).map(([name, contract]) => [
    name,
    (input: unknown, options?: CallOptions) => call(nats, contract, input, options?.timeoutMs ?? DEFAULT_TIMEOUT_MS),
  ]);
  return Object.fromEntries(calls) as ClientOf<G>;
}

const tokens = new WeakMap<RpcGroup, symbol>();
function tokenOf(group: RpcGroup): symbol {
  const token = tokens.get(group) ?? Symbol('client');
  tokens.set(group, token);
  return token;
}

/** Injects the client of a neighbour: `@Client(runner) private readonly runnerClient: ClientOf<typeof runner>`. */
export const Client = (group: RpcGroup) => Inject(tokenOf(group));

export function clientProvider(group: RpcGroup): Provider {
  return { provide: tokenOf(group), inject: [NATS], useFactory: (nats: NatsConnection) => clientFor(nats, group) };
}

async function call(nats: NatsConnection, contract: Rpc, input: unknown, timeoutMs: number): Promise<unknown> {
  const tracer = trace.getTracer('@patchbay/service-kit');
  const span = tracer.startSpan(`send ${contract.subject}`, {
    kind: SpanKind.PRODUCER,
    attributes: { [ATTR.messagingSystem]: 'nats', [ATTR.messagingDestinationTemplate]: contract.subject },
  });
  try {
    const body = JSON.stringify(input);
    const active = trace.setSpan(context.active(), span);
    const reply = await context.with(active, requestUntil, undefined, nats, contract.subject, body, { timeoutMs, deadlineMs: timeoutMs });
    const answer = readReply(contract.subject, reply);
    if (reply.headers?.has(ERROR_CODE_HEADER)) throw ServiceError.fromBody(answer);
    const output = contract.output.safeParse(answer);
    if (output.success) return output.data;
    throw new ServiceError('internal', `${contract.subject} answered something that is not in its contract.`, { cause: output.error });
  } catch (error) {
    span.setAttribute(ATTR.errorType, error instanceof ServiceError ? error.code : 'internal');
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function readReply(subject: string, reply: Msg): unknown {
  try {
    return reply.json();
  } catch (cause) {
    throw new ServiceError('internal', `${subject} answered something that is not JSON.`, { cause });
  }
}

export interface RequestOptions {
  /** Milliseconds this side waits for the reply. */
  timeoutMs: number;
  /** Milliseconds the other side has; it is told what is left of them. Null: it is told nothing. */
  deadlineMs: number | null;
  /** Where to be answered, when not at the inbox of this connection. */
  replyPrefix?: string;
}

/**
 * One request, in the active trace. "No responders" means that nobody received it, so asking again is always safe: a neighbour's
 * restart is not an error. Rejects with `ServiceError`.
 */
export async function requestUntil(nats: NatsConnection, subject: string, body: string, options: RequestOptions): Promise<Msg> {
  // The library notices only after it has subscribed for the reply, and leaves that subscription behind.
  if (Buffer.byteLength(body) > (nats.info?.max_payload ?? Infinity)) {
    throw new ServiceError('payload_too_large', 'The request is larger than the NATS server takes.');
  }
  const startedAt = performance.now();
  const replyTo = () => (options.replyPrefix ? { noMux: true, reply: `${options.replyPrefix}.${nuid.next()}` } : {});
  for (let pauseMs = 25; ; pauseMs = Math.min(pauseMs * 2, 250)) {
    if (!(await connectionStands(nats, options.timeoutMs - (performance.now() - startedAt)))) {
      throw new ServiceError('unavailable', 'NATS cannot be reached.');
    }
    const elapsedMs = performance.now() - startedAt;
    const marks = headers();
    if (options.deadlineMs !== null) marks.set(DEADLINE_HEADER, String(Math.max(1, Math.floor(options.deadlineMs - elapsedMs))));
    injectTrace(marks);
    injectActor(marks);
    try {
      const timeout = Math.max(1, Math.floor(options.timeoutMs - elapsedMs));
      return await nats.request(subject, body, { timeout, headers: marks, ...replyTo() });
    } catch (cause) {
      const isLast = performance.now() - startedAt + pauseMs >= options.timeoutMs;
      if (!isNoResponders(cause) || isLast) throw toServiceError(subject, cause);
      await delay(pauseMs);
    }
  }
}

function isNoResponders(cause: unknown): boolean {
  return cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders());
}

function toServiceError(subject: string, cause: unknown): ServiceError {
  const service = subject.split('.', 1)[0];
  if (isNoResponders(cause)) return new ServiceError('unavailable', `The ${service} service is not running.`, { cause });
  if (cause instanceof TimeoutError || (cause instanceof RequestError && cause.cause instanceof TimeoutError)) {
    return new ServiceError('deadline_exceeded', `The ${service} service did not answer in time.`, { cause });
  }
  if (cause instanceof PermissionViolationError || (cause instanceof RequestError && cause.cause instanceof PermissionViolationError)) {
    return new ServiceError('internal', `This service may not ask ${subject}; its row in service-permissions.ts does not say so.`, { cause });
  }
  return new ServiceError('unavailable', `The ${service} service cannot be reached over NATS.`, { cause });
}
