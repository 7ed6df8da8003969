/** How the provider answers one request. */
export type Answer =
  | { kind: 'json'; status?: number; body?: unknown; headers?: Record<string, string> }
  /** Called JSON, and is not. */
  | { kind: 'html' }
  /** Nothing, ever; the connection stays open. */
  | { kind: 'silence' }
  /** The connection is reset: instead of an answer, in the middle of its body, or right behind its last byte. */
  | { kind: 'reset'; where: 'before' | 'inside' | 'after' }
  /** These very bytes (latin1) on the connection, which then ends. */
  | { kind: 'raw'; bytes: string }
  /** One byte at a time. */
  | { kind: 'drip'; everyMs: number }
  /** A chunked body of so many bytes. */
  | { kind: 'flood'; bytes: number }
  /** A small compressed body that becomes this large. */
  | { kind: 'bomb'; encoding: 'gzip' | 'br' | 'gzip, gzip'; decodedBytes: number };

/** What happens to one request: a write takes effect (or not) when it has arrived, then comes the answer. */
export interface Step {
  /** Unless given, a write takes effect when its answer is a 2xx in JSON. */
  takesEffect?: boolean;
  /** A second request with the same `idempotency-key` has no second effect. */
  honoursKey?: boolean;
  delayMs?: number;
  answer: Answer;
}

/** By tag: the nth request with the tag meets the nth step, later ones the last. */
export type Script = Record<string, Step[]>;

export const DONE: Step = { answer: { kind: 'json' } };

export function takesEffect({ takesEffect: told, answer }: Step): boolean {
  return told ?? (answer.kind === 'json' && (answer.status ?? 200) < 300);
}
