import { z } from 'zod';
import { event, rpc } from './define.ts';
import { UnbackedClaim } from './edge.ts';
import { OrganizationScope, PageQuery, Timestamp } from './identity.ts';
import { InvocationRecord, NextPage, SessionPageQuery } from './runner.ts';

export const SessionState = z.enum(['live', 'ended']);

export const Session = z
  .object({
    sessionId: z.string(),
    edgeId: z.string(),
    agentId: z.string(),
    agentName: z.string(),
    agentVersion: z.string(),
    channel: z.string(),
    direction: z.string(),
    callerNumber: z.string().nullable(),
    calledNumber: z.string().nullable(),
    edgeCallId: z.string().nullable(),
    state: SessionState,
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    endReason: z.string().nullable(),
    turns: z.int(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

/** What the runner must know of a session at call time. Key: `<organization>.<session>`. */
export const SessionSnapshot = z.object({
  organizationId: z.string(),
  sessionId: z.string(),
  edgeId: z.string(),
  versionId: z.string(),
  state: SessionState,
  /** `test`: no write leaves unless its connection is a sandbox or its function is mocked. */
  channel: z.enum(['phone', 'web', 'test']).default('phone'),
  agentId: z.string().default(''),
  callerNumber: z.string().nullable().default(null),
  variables: z.record(z.string(), z.unknown()).default({}),
});
export type SessionSnapshot = z.infer<typeof SessionSnapshot>;

export const SESSION_BUCKET = 'sessions';

const TimelineTurn = z.object({
  kind: z.literal('turn'),
  at: Timestamp,
  turnId: z.string(),
  index: z.int(),
  role: z.string(),
  text: z.string(),
  endedAt: Timestamp,
  interrupted: z.boolean(),
  traceId: z.string(),
});
const TimelineInvocation = InvocationRecord.extend({
  kind: z.literal('invocation'),
  at: Timestamp,
  /** How much of its result the caller heard, once the edge has said so. */
  heard: z.enum(['full', 'partly', 'none']).nullable(),
});
/** What the agent said that was done when nothing was; `at` is when it was noticed. */
const TimelineClaim = UnbackedClaim.extend({
  kind: z.literal('claim'),
  at: Timestamp,
  claimId: z.string(),
  turnId: z.string(),
  /** Of the turn. */
  traceId: z.string(),
});
export const TimelineEntry = z.discriminatedUnion('kind', [TimelineTurn, TimelineInvocation, TimelineClaim]);
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** A turn as the record has it; `position` grows in the order in which turns of a session were recorded. */
export const RecordedTurn = z.object({
  turnId: z.string(),
  index: z.int(),
  role: z.enum(['caller', 'agent']),
  text: z.string(),
  interrupted: z.boolean(),
  startedAt: Timestamp,
  endedAt: Timestamp,
  recordedAt: Timestamp,
  position: z.int(),
});
export type RecordedTurn = z.infer<typeof RecordedTurn>;

/** Calls: sessions, turns, what was heard, and the timeline of it all. */
export const calls = {
  listTurns: rpc('calls.v1.list_turns', {
    summary: 'List the turns of a session recorded after a position, oldest first.',
    input: OrganizationScope.extend({ sessionId: z.string().max(200), afterPosition: z.int().min(0).default(0) }),
    output: z.object({
      turns: z.array(RecordedTurn),
      /** Of the newest turn of the session; 0 without one. */
      position: z.int(),
    }),
  }),
  listSessions: rpc('calls.v1.list_sessions', {
    summary: 'List sessions, newest first.',
    input: OrganizationScope.extend(PageQuery.shape),
    output: z.object({ sessions: z.array(Session) }),
  }),
  getTimeline: rpc('calls.v1.get_timeline', {
    summary: 'Return a session with its turns, invocations and unbacked claims in the order they happened, a page at a time if asked so.',
    input: OrganizationScope.extend({ sessionId: z.string().max(200), ...SessionPageQuery.shape }),
    output: z.object({ session: Session, entries: z.array(TimelineEntry), next: NextPage }).meta({ id: 'Timeline' }),
    errors: ['session_not_found', 'payload_too_large'],
  }),
};

export const callEvents = {
  sessionEnded: event('calls.v1.session.ended', {
    summary: 'A call has ended.',
    payload: Session,
  }),
};
