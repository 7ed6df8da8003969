import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { Msg } from '@nats-io/transport-node';
import type { EdgeRpc, Rpc } from '@patchbay/contracts/define';
import { EDGE_REQUEST_MAX_BYTES, edgeInbox } from '@patchbay/contracts/edge';
import { fieldProblems, ServiceError } from '@patchbay/contracts/errors';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Logger } from 'pino';
import { hasUnstorableText } from '../database/database.ts';
import { ATTR } from '../telemetry/names.ts';
import { extractTrace } from '../telemetry/propagation.ts';
import { extractActor } from './actor.ts';
import { deadlineOf, edgeOf, RequestContext } from './request-context.ts';
import type { AnswerCode, SubjectMetrics } from './request-metrics.ts';
import { readBody, respond, respondError } from './wire.ts';

/** Requests between services carry compiled snapshots and pages; an edge's are bounded more tightly. */
const SERVICE_REQUEST_MAX_BYTES = 4 * 1024 * 1024;

export type RequestHandler = (input: unknown, request: RequestContext) => unknown;

/** The subject without the ids of whoever asks. */
export function subjectTemplate(contract: Rpc): string {
  return 'operation' in contract ? `edge.v1.{org}.{edge}.${(contract as EdgeRpc).operation}` : contract.subject;
}

/**
 * Makes the function that answers every message of one subject: checks the reply subject, the size, the JSON and the
 * contract, runs the handler inside the sender's trace, and replies with the result or a typed error. Never rejects.
 */
export function answerer(service: string, contract: Rpc, handler: RequestHandler, logger: Logger, metrics: SubjectMetrics) {
  const fromEdge = 'operation' in contract;
  const template = subjectTemplate(contract);
  const spanName = `process ${template}`;
  const tracer = trace.getTracer('@patchbay/service-kit');
  const declared = new Set<string>([
    ...contract.errors,
    'invalid_arguments',
    'payload_too_large',
    'internal',
    'overloaded',
    'unavailable',
    'deadline_exceeded',
  ]);
  const attributes = {
    [ATTR.messagingSystem]: 'nats',
    [ATTR.messagingOperationType]: 'process',
    [ATTR.messagingDestinationTemplate]: template,
    [ATTR.messagingConsumerGroup]: service,
  };

  function requestOf(message: Msg): RequestContext {
    if (!fromEdge) return new RequestContext(message.subject, deadlineOf(message), '', '');
    const sender = edgeOf(message.subject);
    if (sender) return new RequestContext(message.subject, deadlineOf(message), sender.organizationId, sender.edgeId);
    throw ServiceError.fields('invalid_arguments', 'The subject does not name an organization and an edge.', [
      { path: 'subject', problem: 'must be edge.v1.<organization>.<edge>.<operation> with ids of a-z, 0-9 and _' },
    ]);
  }

  async function run(message: Msg, span: Span): Promise<unknown> {
    const request = requestOf(message);
    if (fromEdge) {
      span.setAttribute(ATTR.organizationId, request.organizationId);
      span.setAttribute(ATTR.edgeId, request.edgeId);
    }
    const body = readBody(message, fromEdge ? EDGE_REQUEST_MAX_BYTES : SERVICE_REQUEST_MAX_BYTES);
    const input = contract.input.safeParse(body);
    if (!input.success) {
      const fields = fieldProblems(input.error);
      throw ServiceError.fields('invalid_arguments', `The request does not fit: ${wording(fields)}.`, fields);
    }
    if (request.deadline && request.deadline.remainingMs <= 0) {
      throw new ServiceError('deadline_exceeded', 'The deadline had passed when the request arrived.');
    }
    const result = await handler(input.data, request);
    return isObservable(result) ? await lastValueFrom(result) : result;
  }

  function toServiceError(thrown: unknown): ServiceError {
    if (thrown instanceof ServiceError && declared.has(thrown.code)) return thrown;
    if (hasUnstorableText(thrown)) {
      return new ServiceError('invalid_arguments', 'A text has a character that cannot be stored: NUL or half of a pair.');
    }
    logger.error({ err: thrown, subject: template }, 'a handler failed');
    return new ServiceError('internal', 'Internal error.');
  }

  return async function answer(message: Msg): Promise<void> {
    // A forged reply subject would make us publish into another edge's inbox, and NATS lets any client name one.
    if (fromEdge && !message.reply?.startsWith(`${edgeInbox(message.subject.split('.', 4)[3] ?? '')}.`)) {
      logger.warn({ subject: message.subject, reply: message.reply }, 'refused: the reply subject is not the inbox of this edge');
      return;
    }
    // JetStream sends what is stored to any subject its client names, past that client's permissions: no inbox waits for an answer to such a message.
    if (!fromEdge && !message.reply?.startsWith('_INBOX')) {
      logger.warn({ subject: message.subject, reply: message.reply }, 'refused: nobody waits for an answer');
      return;
    }
    const startedAt = performance.now();
    let code: AnswerCode = 'ok';
    const parent = extractTrace(message.headers, ROOT_CONTEXT);
    const span = tracer.startSpan(spanName, { kind: SpanKind.CONSUMER, attributes }, parent);
    try {
      const traced = trace.setSpan(parent, span);
      const reply = await context.with(fromEdge ? traced : extractActor(message.headers, traced), run, undefined, message, span);
      await respond(message, reply);
    } catch (thrown) {
      const error = toServiceError(thrown);
      code = error.code;
      span.setAttribute(ATTR.errorType, error.code);
      if (error.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: error.code });
      refuse(message, error, logger);
    } finally {
      span.end();
      metrics.answered(code, startedAt, span.spanContext().traceId);
    }
  };
}

/** Answers an error. Never throws: a connection that takes no reply any more leaves nobody to tell but the log. */
function refuse(message: Msg, error: ServiceError, logger: Logger): void {
  try {
    respondError(message, error);
  } catch (err) {
    logger.error({ err, subject: message.subject, code: error.code }, 'an error could not be answered');
  }
}

function wording(fields: { path: string; problem: string }[]): string {
  return fields.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join('; ');
}
