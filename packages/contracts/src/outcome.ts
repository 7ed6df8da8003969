import { z } from 'zod';
import { Directive } from './call-control.ts';
import { FieldProblem } from './errors.ts';

/** What an action does in the world; declared, never guessed at call time. */
export const EffectClass = z.enum([
  'read',
  'write.idempotent',
  'write.reversible',
  'write.irreversible',
  'message',
  'call_control',
]);
export type EffectClass = z.infer<typeof EffectClass>;

export const InvocationStatus = z.enum([
  'succeeded',
  'needs_confirmation',
  'rejected',
  'failed',
  'unknown',
  'pending',
  'cancelled',
]);
export type InvocationStatus = z.infer<typeof InvocationStatus>;

/** The closed list of the edge contract, v1. */
export const OutcomeErrorCode = z.enum([
  'invalid_arguments',
  'unknown_function',
  'function_inactive',
  'session_not_found',
  'session_ended',
  'consent_required',
  'consent_refused',
  'budget_exhausted',
  'rate_limited',
  'throttled',
  'breaker_open',
  'overloaded',
  'write_fenced',
  'duplicate_conflict',
  'connection_missing',
  'credential_invalid',
  'credential_expired',
  'scope_missing',
  'egress_blocked',
  'dns_failed',
  'connect_failed',
  'tls_failed',
  'timeout',
  'provider_rejected',
  'provider_error',
  'provider_unreadable',
  'quota_exhausted',
  'conflict_existing',
  'not_found',
  'cancelled',
  'unknown_outcome',
  'internal',
]);
export type OutcomeErrorCode = z.infer<typeof OutcomeErrorCode>;

export const OutcomeError = z.object({
  code: OutcomeErrorCode,
  /** Safe for a model: no stack, no secret, no provider body. */
  message: z.string(),
  fields: z.array(FieldProblem).optional(),
  retryAfterMs: z.number().optional(),
});
export type OutcomeError = z.infer<typeof OutcomeError>;

/** The answer to an invocation; only `succeeded` allows the agent to say that it is done. */
export const Outcome = z
  .object({
    invocationId: z.string(),
    status: InvocationStatus,
    /** What the model may read, at most 64 KiB; a longer one is cut and ends in `[truncated]`. */
    result: z.unknown().optional(),
    say: z.string().optional(),
    hint: z.string().optional(),
    error: OutcomeError.optional(),
    confirmation: z.object({ readBack: z.string(), expiresAt: z.string() }).optional(),
    /** What the edge shall do to the call; one that is not known here is passed on as it came. */
    directive: z.union([Directive, z.record(z.string(), z.unknown())]).optional(),
    /** True when an earlier outcome of the same intent is repeated and nothing was sent. */
    replayed: z.boolean(),
    /** Requests sent to the provider. */
    attempts: z.number().int(),
    durationMs: z.number(),
    /** W3C trace id of the turn this invocation belongs to. */
    traceId: z.string(),
  })
  .meta({ id: 'Outcome' });
export type Outcome = z.infer<typeof Outcome>;
