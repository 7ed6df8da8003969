import { z } from 'zod';
import { Directive } from './call-control.ts';
import { edgeRpc } from './define.ts';
import { EffectClass, Outcome } from './outcome.ts';

/** Headers a request may carry (NATS header names are case-sensitive: lower case). */
export const DEADLINE_HEADER = 'patchbay-deadline-ms';
export const TRACEPARENT_HEADER = 'traceparent';
export const TRACESTATE_HEADER = 'tracestate';

/** The largest request body an edge may send, in bytes. */
export const EDGE_REQUEST_MAX_BYTES = 256 * 1024;

const Instant = z.iso.datetime({ offset: true });
/** Ids the edge chooses or repeats: whatever its stack calls them, but short and printable. */
const EdgeToken = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'is not 1 to 200 printable characters without spaces');
const SessionRef = z.object({ sessionId: EdgeToken });

export const MenuFunction = z.object({
  name: z.string(),
  description: z.string(),
  /** JSON Schema of the arguments. */
  parameters: z.record(z.string(), z.unknown()),
  effect: EffectClass,
  /** It may be called before it is certain that the caller has finished speaking; a write may not. Where it is not told, it may not. */
  speculative: z.boolean().default(false),
  speak: z.string().optional(),
});

export const SessionStarted = z.object({
  sessionId: z.string(),
  agentId: z.string(),
  agentVersion: z.string(),
  instructions: z.string(),
  functions: z.array(MenuFunction),
  unavailable: z.array(z.object({ name: z.string(), reason: z.string(), say: z.string() })),
  turnBudgetMs: z.number().int(),
  maxDurationMs: z.number().int(),
  inactivity: z.object({
    checkInAfterMs: z.number().int(),
    maxCheckIns: z.number().int(),
    endAfterMs: z.number().int(),
  }),
});

export const Turn = SessionRef.extend({
  turnId: EdgeToken,
  index: z.int().min(0),
  role: z.enum(['caller', 'agent']),
  text: z.string().max(32_768),
  startedAt: Instant,
  endedAt: Instant,
  interrupted: z.boolean().optional(),
  timings: z
    .object({
      endpointingMs: z.number().min(0).optional(),
      sttMs: z.number().min(0).optional(),
      llmMs: z.number().min(0).optional(),
      ttsMs: z.number().min(0).optional(),
    })
    .optional(),
});

/** A claim of the agent without a succeeded invocation behind it. */
export const UnbackedClaim = z.object({
  /** The words of the claim, as the agent said them. */
  claim: z.string(),
  /** What was claimed: `booked`, `sent`, `refunded`, ... */
  effect: z.string(),
  /** What is true instead, fit for a model. */
  hint: z.string(),
});
export type UnbackedClaim = z.infer<typeof UnbackedClaim>;

export const Invoke = SessionRef.extend({
  turnId: EdgeToken,
  toolCallId: EdgeToken,
  function: z.string().min(1).max(200),
  arguments: z.record(z.string(), z.unknown()),
  idempotencyKey: z.string().min(1).max(255).optional(),
});

/** The edge contract, v1: what a voice edge asks. The organization and the edge come from the subject. */
export const edge = {
  startSession: edgeRpc('session.start', {
    summary: 'Start a session and return its functions and instructions.',
    input: z.object({
      /** Id or name of a deployed agent. */
      agent: z.string().min(1).max(200),
      version: EdgeToken.optional(),
      channel: z.enum(['phone', 'web', 'test']),
      direction: z.enum(['inbound', 'outbound']),
      callerNumber: z.string().max(64).optional(),
      calledNumber: z.string().max(64).optional(),
      edgeCallId: z.string().max(200).optional(),
      variables: z.record(z.string(), z.unknown()).optional(),
    }),
    output: SessionStarted,
    errors: ['not_found', 'forbidden'],
  }),
  turn: edgeRpc('turn', {
    summary: 'Report one utterance of the caller or the agent.',
    input: Turn,
    output: z.object({ turnId: z.string(), unbackedClaims: z.array(UnbackedClaim) }),
    errors: ['session_not_found', 'session_ended'],
  }),
  invoke: edgeRpc('invoke', {
    summary: 'Run a function; the answer is an outcome.',
    input: Invoke,
    output: Outcome,
    errors: ['session_not_found'],
  }),
  getInvocation: edgeRpc('invocation.get', {
    summary: 'Return the outcome of an invocation as it stands.',
    input: z.object({ invocationId: EdgeToken }),
    output: Outcome,
    errors: ['not_found'],
  }),
  cancelInvocation: edgeRpc('invocation.cancel', {
    summary: 'Cancel an invocation that was not sent yet, or a read under way; named by its id, or by session and tool call while the id is not known yet.',
    input: z
      .object({ invocationId: EdgeToken.optional(), sessionId: EdgeToken.optional(), toolCallId: EdgeToken.optional(), reason: z.string().max(500) })
      .refine(({ invocationId, sessionId, toolCallId }) => invocationId !== undefined || (sessionId !== undefined && toolCallId !== undefined), {
        path: ['invocationId'],
        message: 'is missing, and so are sessionId and toolCallId',
      }),
    output: Outcome,
    errors: ['not_found'],
  }),
  reportDirective: edgeRpc('directive.report', {
    summary: 'Report what became of a directive; settles its invocation.',
    input: SessionRef.extend({
      invocationId: EdgeToken,
      status: z.enum(['done', 'failed']),
      /** Who answered, the digits sent, or why not; fit for a model. */
      detail: z.string().max(500).optional(),
    }),
    output: Outcome,
    errors: ['session_not_found', 'not_found'],
  }),
  heard: edgeRpc('heard', {
    summary: 'Report how much of a result the caller heard.',
    input: SessionRef.extend({
      turnId: EdgeToken,
      invocationId: EdgeToken,
      heard: z.enum(['full', 'partly', 'none']),
    }),
    output: z.object({}),
    errors: ['session_not_found'],
  }),
  endSession: edgeRpc('session.end', {
    summary: 'End a session and return how many invocations are still being settled.',
    input: SessionRef.extend({ reason: z.string().min(1).max(200), endedAt: Instant }),
    output: z.object({ settling: z.int() }),
    errors: ['session_not_found'],
  }),
};

const CallEventRef = { sessionId: z.string(), invocationId: z.string(), toolCallId: z.string(), turnId: z.string(), function: z.string() };

/** The events of a call, body as published at `call.v1.<org>.<edge>.<session>.<kind>`; core NATS, not kept. */
export const CALL_EVENTS = {
  progress: z.object({ ...CallEventRef, say: z.string() }).describe('Say this while waiting; the deadline goes on.'),
  result: z
    .object({ ...CallEventRef, outcome: Outcome })
    .describe('An outcome that was `pending` or `unknown`, came after its deadline, or was not heard.'),
  functions: z
    .object({ sessionId: z.string(), functions: SessionStarted.shape.functions, unavailable: SessionStarted.shape.unavailable })
    .describe('The menu changed: what can be called now, and what cannot with a sentence to say.'),
  directive: z.object({ ...CallEventRef, directive: Directive }).describe('What the edge shall do to the call; it reports with `directive.report`.'),
};
export type CallEventKind = keyof typeof CALL_EVENTS;
export type CallEvent<K extends CallEventKind> = z.infer<(typeof CALL_EVENTS)[K]>;

/** `call.v1.<org>.<edge>.<session>.<kind>`: where an edge hears the events of its calls. */
export function callEventSubject(organizationId: string, edgeId: string, sessionId: string, kind: CallEventKind): string {
  return `call.v1.${organizationId}.${edgeId}.${sessionId}.${kind}`;
}

export const EDGE_OPERATIONS: ReadonlySet<string> = new Set(Object.values(edge).map(({ operation }) => operation));

/** `_INBOX_<edge>`: the only place an edge may be answered at. */
export function edgeInbox(edgeId: string): string {
  return `_INBOX_${edgeId}`;
}

export function edgeSubject(organizationId: string, edgeId: string, operation: string): string {
  return `edge.v1.${organizationId}.${edgeId}.${operation}`;
}

/** What an edge's NATS user may do: publish below its own prefix, listen at its inbox and to its own calls' events. */
export function edgePermissions(organizationId: string, edgeId: string): { publish: string[]; subscribe: string[] } {
  return {
    publish: [`edge.v1.${organizationId}.${edgeId}.>`],
    subscribe: [`${edgeInbox(edgeId)}.>`, `call.v1.${organizationId}.${edgeId}.>`],
  };
}
