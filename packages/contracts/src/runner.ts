import { z } from 'zod';
import { rpc } from './define.ts';
import { OrganizationScope, Timestamp } from './identity.ts';
import { EffectClass, InvocationStatus, OutcomeError } from './outcome.ts';

/** One request sent to the provider, with what is safe to keep of it. Secrets never appear: their header reads `[secret]`. */
export const Attempt = z.object({
  attempt: z.int(),
  startedAt: Timestamp,
  method: z.string(),
  /** Without the query, which may carry personal data. */
  url: z.string(),
  requestBytes: z.int(),
  /** The first 4 KiB. */
  requestPreview: z.string().nullable(),
  status: z.int().nullable(),
  responseBytes: z.int().nullable(),
  /** The first 4 KiB, control characters removed. */
  responsePreview: z.string().nullable(),
  errorCode: z.string().nullable(),
  connectionId: z.string().nullable(),
  connectionVersion: z.int().nullable(),
  /** Milliseconds from the start of the attempt: dns, connect, tls, firstByte, total; a stage that did not happen is absent. */
  timings: z.record(z.string(), z.number()),
});
export type Attempt = z.infer<typeof Attempt>;

/** An invocation with the evidence of its attempts. */
export const InvocationRecord = z.object({
  invocationId: z.string(),
  sessionId: z.string(),
  turnId: z.string(),
  toolCallId: z.string(),
  function: z.string(),
  effect: EffectClass,
  arguments: z.record(z.string(), z.unknown()),
  /** `running` until it ends in exactly one terminal status. */
  status: z.union([InvocationStatus, z.literal('running')]),
  result: z.unknown().optional(),
  say: z.string().optional(),
  hint: z.string().optional(),
  error: OutcomeError.optional(),
  receivedAt: Timestamp,
  durationMs: z.number().nullable(),
  traceId: z.string(),
  attempts: z.array(Attempt),
});
export type InvocationRecord = z.infer<typeof InvocationRecord>;

/** Invocations and their evidence. What an edge asks the runner is in the edge contract. */
export const runner = {
  listInvocations: rpc('runner.v1.list_invocations', {
    summary: 'List the invocations of a session with the evidence of their attempts, oldest first.',
    input: OrganizationScope.extend({ sessionId: z.string() }),
    output: z.object({ invocations: z.array(InvocationRecord) }),
  }),
  countSettling: rpc('runner.v1.count_settling', {
    summary: 'Count the invocations of a session that are not settled yet.',
    input: OrganizationScope.extend({ sessionId: z.string() }),
    output: z.object({ settling: z.int() }),
  }),
};
