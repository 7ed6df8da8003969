import { z } from 'zod';
import { ArgumentOrigin } from './action.ts';
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
  /** Milliseconds from the start of the attempt: queue, dns, connect, tls, firstByte, total; a stage that did not happen is absent. */
  timings: z.record(z.string(), z.number()),
  /** `request` the call itself, `check` a poll of what it started, `verify` the read that tells whether a write happened. */
  kind: z.enum(['request', 'check', 'verify']).default('request'),
  /** Bytes on the wire, before decompression. */
  wireBytes: z.int().nullable().default(null),
  /** Fields that the rules name and the answer did not have. */
  missingFields: z.array(z.string()).default([]),
  /** The id the provider gave the request or the thing it made. */
  providerMessageId: z.string().nullable().default(null),
  /** A command line that sends the same request; secrets are placeholders. */
  curl: z.string().nullable().default(null),
});
export type Attempt = z.infer<typeof Attempt>;

/** What was decided on the way, and why; in the order it happened. */
export const Decision = z.object({ step: z.string(), decision: z.string(), why: z.string().optional() });
export type Decision = z.infer<typeof Decision>;

/** The caller's yes, as evidence. */
export const ConsentEvidence = z.object({
  consentId: z.string(),
  readBack: z.string(),
  argumentsHash: z.string(),
  verdict: z.enum(['affirm', 'negate', 'changed', 'unclear', 'none']),
  turnId: z.string().nullable(),
  words: z.string().nullable(),
  at: Timestamp.nullable(),
});
export type ConsentEvidence = z.infer<typeof ConsentEvidence>;

/** A link of the session's hash chain at one runner: SHA-256 over the record (RFC 8785) and the link before it. */
export const Seal = z.object({ chain: z.string(), sequence: z.int(), previous: z.string(), hash: z.string(),
  /** False when the record, or its place in the chain, is not what it was when it was sealed. */
  intact: z.boolean(),
});
export type Seal = z.infer<typeof Seal>;

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
  intentId: z.string().nullable().default(null),
  decisions: z.array(Decision).default([]),
  origins: z.record(z.string(), ArgumentOrigin).default({}),
  consent: ConsentEvidence.nullable().default(null),
  /** The invocation whose outcome this one was answered with: nothing was sent for it. */
  replayOf: z.string().nullable().default(null),
  seal: Seal.nullable().default(null),
});
export type InvocationRecord = z.infer<typeof InvocationRecord>;

/**
 * Where a list of a session goes on, and how many items to answer at most. Without either, everything is answered at once, or the error
 * `payload_too_large` where that does not fit into one message. A page also holds fewer where more would not fit.
 */
export const SessionPageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).optional(),
  /** `next` of the page before. */
  after: z.string().max(300).optional(),
});

/** Where the next page begins, as `after`; null when there is none. */
export const NextPage = z.string().nullable().default(null);

/** Invocations and their evidence. What an edge asks the runner is in the edge contract. */
export const runner = {
  listInvocations: rpc('runner.v1.list_invocations', {
    summary: 'List the invocations of a session with the evidence of their attempts, oldest first, a page at a time if asked so.',
    input: OrganizationScope.extend({ sessionId: z.string(), ...SessionPageQuery.shape }),
    output: z.object({ invocations: z.array(InvocationRecord), next: NextPage }),
    errors: ['payload_too_large'],
  }),
  offerAgain: rpc('runner.v1.offer_again', {
    summary: 'Send the outcome of an invocation to its edge again as a `result` event, because the caller did not hear it.',
    input: OrganizationScope.extend({ sessionId: z.string(), invocationId: z.string() }),
    output: z.object({ offered: z.boolean() }),
  }),
  listUnavailable: rpc('runner.v1.list_unavailable', {
    summary: 'List the functions of an agent version that cannot be called now, each with a sentence for the caller.',
    input: OrganizationScope.extend({ versionId: z.string().max(200) }),
    output: z.object({
      unavailable: z.array(z.object({ name: z.string(), reason: z.string(), say: z.string() })),
    }),
  }),
  countSettling: rpc('runner.v1.count_settling', {
    summary: 'Count the invocations of a session that are not settled yet.',
    input: OrganizationScope.extend({ sessionId: z.string() }),
    output: z.object({ settling: z.int() }),
  }),
};
