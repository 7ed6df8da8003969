import { z } from 'zod';
import type { ServiceErrorCode } from './errors.ts';

/** A request between services: one subject, what may be sent, what is answered. Subject: `<service>.v<major>.<verb>`. */
export interface Rpc<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly subject: string;
  readonly summary: string;
  readonly input: I;
  readonly output: O;
  /** Codes it may answer beside the always possible ones (`invalid_arguments`, `internal`, `unavailable`, `deadline_exceeded`). */
  readonly errors: readonly ServiceErrorCode[];
}

/** A request from a voice edge; `subject` carries `*` for the organization and the edge, which are read from it and never from the body. */
export interface EdgeRpc<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Rpc<I, O> {
  readonly operation: string;
}

/** Something that happened, carried by JetStream. Subject: `<service>.v<major>.<noun>.<past tense>`. */
export interface EventContract<P extends z.ZodType = z.ZodType> {
  readonly subject: string;
  readonly summary: string;
  readonly payload: P;
}

export type RpcGroup = Readonly<Record<string, Rpc>>;

/** What a caller may send: fields with defaults are optional. */
export type RequestOf<C extends Rpc> = z.input<C['input']>;
/** What a handler receives: defaults are filled in. */
export type InputOf<C extends Rpc> = z.output<C['input']>;
export type ReplyOf<C extends Rpc> = z.output<C['output']>;
export type PayloadOf<C extends EventContract> = z.output<C['payload']>;

interface RpcDefinition<I extends z.ZodType, O extends z.ZodType> {
  summary: string;
  input: I;
  output: O;
  errors?: readonly ServiceErrorCode[];
}

export function rpc<I extends z.ZodType, O extends z.ZodType>(
  subject: string,
  definition: RpcDefinition<I, O>,
): Rpc<I, O> {
  return { subject, errors: [], ...definition };
}

/** An operation of the edge contract, v1; `operation` is the last part of the subject, e.g. `session.start`. */
export function edgeRpc<I extends z.ZodType, O extends z.ZodType>(
  operation: string,
  definition: RpcDefinition<I, O>,
): EdgeRpc<I, O> {
  return { subject: `edge.v1.*.*.${operation}`, operation, errors: [], ...definition };
}

export function event<P extends z.ZodType>(
  subject: string,
  definition: { summary: string; payload: P },
): EventContract<P> {
  return { subject, ...definition };
}

/** What travels on JetStream: `id` makes consumers idempotent, `payload` is the contract's. */
export const EventEnvelope = z.object({
  id: z.string(),
  subject: z.string(),
  organizationId: z.string(),
  occurredAt: z.iso.datetime(),
  payload: z.unknown(),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;
