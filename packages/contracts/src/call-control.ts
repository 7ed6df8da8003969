import { z } from 'zod';

/** `agent` a deployed agent by name or id, `phone` a number in E.164, `sip` a SIP URI. */
export const TransferTarget = z.object({
  name: z.string().min(1).max(64),
  kind: z.enum(['agent', 'phone', 'sip']),
  to: z.string().min(1).max(300),
  /** How long it rings before the next of a hunt list is tried, in seconds. */
  ringSeconds: z.int().min(5).max(120).default(20),
});
export type TransferTarget = z.infer<typeof TransferTarget>;

/** A function of the call itself, as its builder set it up. */
export const CallControl = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('transfer'),
    /** The model picks one by name; with `hunt` they are tried in order. */
    targets: z.array(TransferTarget).min(1).max(20),
    hunt: z.boolean().default(false),
    mode: z.enum(['cold', 'warm']).default('cold'),
    /** Said to the caller before; for a warm transfer also to who answers. */
    message: z.string().max(1000).optional(),
    holdMusicUrl: z.url().max(2000).optional(),
  }),
  z.object({ action: z.literal('end_call'), message: z.string().max(1000).optional() }),
  z.object({ action: z.literal('pause_inactivity'), forSeconds: z.int().min(1).max(3600).default(60) }),
  z.object({ action: z.literal('resume_inactivity') }),
  z.object({ action: z.literal('send_dtmf') }),
  z.object({ action: z.literal('hold'), musicUrl: z.url().max(2000).optional() }),
]);
export type CallControl = z.infer<typeof CallControl>;

type Transfer = Extract<CallControl, { action: 'transfer' }>;

/** Whether the model names the target, in the argument `destination`; otherwise there is nothing to choose. */
export function picksDestination({ targets, hunt }: Transfer): boolean {
  return targets.length > 1 && !hunt;
}

/** What `send_dtmf` takes in the argument `digits`: keys of a phone, `w` and `,` for a pause of half a second and of two. */
export const DTMF_DIGITS = '^[0-9A-D*#w,]{1,32}$';

/** What the edge shall do to the call. It reports with `directive.report` under the same invocation. */
export const Directive = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('transfer'),
    mode: z.enum(['cold', 'warm']),
    /** Tried in order. */
    targets: z.array(TransferTarget).min(1),
    message: z.string().optional(),
    holdMusicUrl: z.string().optional(),
  }),
  z.object({ action: z.literal('end_call'), message: z.string().optional() }),
  z.object({ action: z.literal('pause_inactivity'), forSeconds: z.int() }),
  z.object({ action: z.literal('resume_inactivity') }),
  z.object({ action: z.literal('send_dtmf'), digits: z.string() }),
  z.object({ action: z.literal('hold'), musicUrl: z.string().optional() }),
]);
export type Directive = z.infer<typeof Directive>;
