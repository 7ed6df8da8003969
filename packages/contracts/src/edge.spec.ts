import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
  CALL_EVENTS,
  callEventSubject,
  DEADLINE_HEADER,
  edge,
  EDGE_OPERATIONS,
  edgeInbox,
  edgePermissions,
  edgeSubject,
  TRACEPARENT_HEADER,
  TRACESTATE_HEADER,
} from './edge.ts';
import { ERROR_CODE_HEADER, ERROR_WORD_HEADER } from './errors.ts';
import { InvocationStatus, Outcome, OutcomeErrorCode } from './outcome.ts';

const OUTCOME =
  'invocationId status result? say? hint? error? confirmation? directive? replayed attempts durationMs traceId';

/** The edge contract, v1, as it is written: fields of request and reply; `?` marks what may be absent. */
const CONTRACT: Record<string, { request: string; reply: string }> = {
  'session.start': {
    request: 'agent version? channel direction callerNumber? calledNumber? edgeCallId? variables?',
    reply: 'sessionId agentId agentVersion instructions functions unavailable turnBudgetMs maxDurationMs inactivity',
  },
  turn: {
    request: 'sessionId turnId index role text startedAt endedAt interrupted? timings?',
    reply: 'turnId unbackedClaims',
  },
  invoke: { request: 'sessionId turnId toolCallId function arguments idempotencyKey?', reply: OUTCOME },
  'invocation.get': { request: 'invocationId', reply: OUTCOME },
  // `sessionId` and `toolCallId` stand for an `invocationId` that the edge does not know yet.
  'invocation.cancel': { request: 'invocationId? sessionId? toolCallId? reason', reply: OUTCOME },
  'directive.report': { request: 'sessionId invocationId status detail?', reply: OUTCOME },
  heard: { request: 'sessionId turnId invocationId heard', reply: '' },
  'session.end': { request: 'sessionId reason endedAt', reply: 'settling' },
};

const STATUSES = ['succeeded', 'needs_confirmation', 'rejected', 'failed', 'unknown', 'pending', 'cancelled'];

const ERROR_CODES = `
  invalid_arguments unknown_function function_inactive session_not_found session_ended consent_required consent_refused
  budget_exhausted rate_limited throttled breaker_open overloaded write_fenced duplicate_conflict connection_missing
  credential_invalid credential_expired scope_missing egress_blocked dns_failed connect_failed tls_failed timeout
  provider_rejected provider_error provider_unreadable quota_exhausted conflict_existing not_found cancelled
  unknown_outcome internal
`;

const words = (text: string) => text.trim().split(/\s+/).filter(Boolean);
const shapeOf = (schema: z.ZodType) => (schema as z.ZodObject).shape as Record<string, z.ZodType>;
const fieldsOf = (schema: z.ZodType) =>
  Object.entries(shapeOf(schema)).map(([name, field]) => (field.safeParse(undefined).success ? `${name}?` : name));
/** The schema of a field, of its items if it is a list. */
const inside = (schema: z.ZodType, ...path: string[]): z.ZodType =>
  path.reduce((at, name) => bare(shapeOf(at)[name] as z.ZodType), schema);
const bare = (schema: z.ZodType): z.ZodType => {
  const { unwrap } = schema as z.ZodOptional<z.ZodType>;
  return unwrap ? bare(unwrap.call(schema as never)) : schema;
};
const optionsOf = (schema: z.ZodType) => (schema as z.ZodEnum).options;

describe('the operations of an edge', () => {
  it('are those of the edge contract', () => {
    expect([...EDGE_OPERATIONS].sort()).toEqual(Object.keys(CONTRACT).sort());
  });

  it.each(Object.values(edge))(
    'have the fields of the edge contract: $operation',
    ({ operation, input, output, subject }) => {
      expect(fieldsOf(input)).toEqual(words(CONTRACT[operation]?.request ?? ''));
      expect(fieldsOf(output)).toEqual(words(CONTRACT[operation]?.reply ?? ''));
      expect(subject).toBe(`edge.v1.*.*.${operation}`);
    },
  );

  it.each(Object.values(edge))('take neither the organization nor the edge from the body: $operation', ({ input }) => {
    expect(Object.keys(shapeOf(input))).not.toEqual(expect.arrayContaining(['organizationId']));
    expect(Object.keys(shapeOf(input))).not.toEqual(expect.arrayContaining(['edgeId']));
  });

  it('have the inner fields and words of the edge contract', () => {
    const { input, output } = edge.startSession;

    expect(optionsOf(inside(input, 'channel'))).toEqual(['phone', 'web', 'test']);
    expect(optionsOf(inside(input, 'direction'))).toEqual(['inbound', 'outbound']);
    expect(fieldsOf(inside(output, 'functions'))).toEqual(words('name description parameters effect speculative? speak?'));
    expect(fieldsOf(inside(output, 'unavailable'))).toEqual(['name', 'reason', 'say']);
    expect(fieldsOf(inside(output, 'inactivity'))).toEqual(['checkInAfterMs', 'maxCheckIns', 'endAfterMs']);
    expect(optionsOf(inside(edge.turn.input, 'role'))).toEqual(['caller', 'agent']);
    expect(fieldsOf(inside(edge.turn.input, 'timings'))).toEqual(['endpointingMs?', 'sttMs?', 'llmMs?', 'ttsMs?']);
    expect(optionsOf(inside(edge.reportDirective.input, 'status'))).toEqual(['done', 'failed']);
    expect(optionsOf(inside(edge.heard.input, 'heard'))).toEqual(['full', 'partly', 'none']);
  });
});

describe('the events of a call', () => {
  const ABOUT = 'sessionId invocationId toolCallId turnId function';
  const EVENTS: Record<string, string> = {
    progress: `${ABOUT} say`,
    result: `${ABOUT} outcome`,
    functions: 'sessionId functions unavailable',
    directive: `${ABOUT} directive`,
  };

  it('are those of the edge contract, with their fields', () => {
    expect(Object.fromEntries(Object.entries(CALL_EVENTS).map(([kind, payload]) => [kind, fieldsOf(payload)]))).toEqual(
      Object.fromEntries(Object.entries(EVENTS).map(([kind, fields]) => [kind, words(fields)])),
    );
  });

  it('come below the subject that the edge may listen to', () => {
    expect(callEventSubject('org_1', 'edge_1', 'ses_1', 'progress')).toBe('call.v1.org_1.edge_1.ses_1.progress');
  });
});

describe('a cancel', () => {
  const { input } = edge.cancelInvocation;

  it.each([
    ['by its id', { invocationId: 'inv_1' }],
    ['by session and tool call', { sessionId: 'ses_1', toolCallId: 'call_1' }],
  ])('names its invocation %s', (_how, name) => {
    expect(input.safeParse({ ...name, reason: 'barge-in' }).success).toBe(true);
  });

  it.each([
    ['neither', {}],
    ['only the session', { sessionId: 'ses_1' }],
    ['only the tool call', { toolCallId: 'call_1' }],
  ])('is refused with %s', (_how, name) => {
    expect(input.safeParse({ ...name, reason: 'barge-in' })).toMatchObject({ success: false, error: { issues: [{ path: ['invocationId'] }] } });
  });
});

describe('an outcome', () => {
  it('has the statuses of the edge contract', () => {
    expect(InvocationStatus.options).toEqual(STATUSES);
  });

  it('has the error codes of the edge contract', () => {
    expect(OutcomeErrorCode.options).toEqual(words(ERROR_CODES));
  });

  it('has the inner fields of the edge contract', () => {
    expect(fieldsOf(inside(Outcome, 'error'))).toEqual(['code', 'message', 'fields?', 'retryAfterMs?']);
    expect(fieldsOf(inside(Outcome, 'error', 'fields'))).toEqual(['path', 'problem']);
    expect(fieldsOf(inside(Outcome, 'confirmation'))).toEqual(['readBack', 'expiresAt']);
  });
});

describe('what stands around a message', () => {
  it('is named as in the edge contract', () => {
    expect([TRACEPARENT_HEADER, TRACESTATE_HEADER, DEADLINE_HEADER]).toEqual([
      'traceparent',
      'tracestate',
      'patchbay-deadline-ms',
    ]);
    expect([ERROR_CODE_HEADER, ERROR_WORD_HEADER]).toEqual(['Nats-Service-Error-Code', 'Nats-Service-Error']);
  });

  it('keeps an edge to its own subjects and its own inbox', () => {
    expect(edgeSubject('org_1', 'edge_1', 'session.start')).toBe('edge.v1.org_1.edge_1.session.start');
    expect(edgeInbox('edge_1')).toBe('_INBOX_edge_1');
    expect(edgePermissions('org_1', 'edge_1')).toEqual({
      publish: ['edge.v1.org_1.edge_1.>'],
      subscribe: ['_INBOX_edge_1.>', 'call.v1.org_1.edge_1.>'],
    });
  });
});

describe('ids that an edge chooses', () => {
  const invocationId = edge.getInvocation.input;

  it.each([
    ['a call of its own stack', 'call:7f2c@pbx-2/1'],
    ['200 characters', 'a'.repeat(200)],
  ])('may be %s', (_what, id) => {
    expect(invocationId.safeParse({ invocationId: id }).success).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['longer than 200', 'a'.repeat(201)],
    ['with a space', 'a b'],
    ['with a new line', 'a\nb'],
    ['not ASCII', 'ä'],
    ['a number', 7],
  ])('may not be %s', (_what, id) => {
    expect(invocationId.safeParse({ invocationId: id })).toMatchObject({
      success: false,
      error: { issues: [{ path: ['invocationId'] }] },
    });
  });
});
