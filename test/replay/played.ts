import type { RecordedCall } from './conversation.ts';
import type { Outcome } from './outcome.ts';

/** What the player knows of a conversation after it was played. */
export interface PlayedConversation {
  name: string;
  /** Null when the session did not start. */
  sessionId: string | null;
  turns: PlayedTurn[];
  invocations: PlayedInvocation[];
  /** What got no valid reply, while it was played. */
  losses: Finding[];
}

export interface PlayedTurn {
  turnId: string;
  index: number;
  role: 'caller' | 'agent';
  text: string;
  traceId: string;
  spanId: string;
  /** The requests that were answered within the turn's trace. */
  sent: SentRequest[];
}

export interface SentRequest {
  operation: string;
  spanId: string;
  /** How far its trace goes on behind the send span. */
  lastLink: 'process' | 'execute_tool' | 'http_attempt';
}

export interface PlayedInvocation {
  /** The edge's tool call id; unique in the run. */
  callId: string;
  /** Its place among the calls of the conversation, from 0. */
  number: number;
  /** The index of the caller's turn it belongs to. */
  turnIndex: number;
  call: RecordedCall;
  outcome: Outcome;
  roundTripMs: number;
}

/** Something that is not as it must be. */
export interface Finding {
  conversation: string;
  /** What it is about, e.g. `turn 3` or `invocation 2 (get_user_details)`; counted once however much is wrong with it. */
  subject: string;
  problem: string;
}
