/** What a client of the platform saw and did, in the order of the machine's clock; milliseconds throughout. */
export interface Call {
  sessionId: string;
  turnId: string;
  toolCallId: string;
  function: string;
  /** `tag` tells the provider, and us, which intent a request belongs to. */
  arguments: { tag: string } & Record<string, unknown>;
  idempotencyKey?: string;
}

/** The part of an outcome that is judged. */
export interface SeenOutcome {
  invocationId: string;
  status: string;
  result: unknown;
  /** As in the list of the edge contract; null without an error. */
  code: string | null;
  retryAfterMs: number | null;
  replayed: boolean;
  attempts: number;
}

/** One request for a call, and what came of it. */
export interface Ask {
  call: Call;
  deadlineMs: number;
  sentAtMs: number;
  endedAtMs: number;
  /** Null when no outcome came. */
  outcome: SeenOutcome | null;
  /** Why no outcome came: `no_responders`, `no_answer`, or the platform's own code. */
  problem: string | null;
}

/** An invocation as the timeline has it. */
export interface RecordedInvocation {
  invocationId: string;
  sessionId: string;
  toolCallId: string;
  function: string;
  tag: string;
  status: string;
  /** As in the list of the edge contract; null without an error. */
  code: string | null;
  attempts: number;
}

export interface Period {
  fromMs: number;
  untilMs: number;
}

const TERMINAL = new Set(['succeeded', 'failed', 'rejected', 'cancelled', 'unknown', 'needs_confirmation']);

/** `pending` and `running` are not ends. */
export function isTerminal(status: string): boolean {
  return TERMINAL.has(status);
}
