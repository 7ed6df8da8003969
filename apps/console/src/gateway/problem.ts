import type { ErrorBody, FieldProblem } from '@patchbay/contracts/errors';

export type Problem =
  /** Nobody answers, or not the gateway: worth asking again. */
  | { kind: 'unreachable'; message: string }
  /** The gateway answered with its typed error. */
  | { kind: 'refused'; status: number; code: ErrorBody['code']; message: string; fields?: FieldProblem[]; traceId?: string };

/** Statuses of a proxy whose gateway is away; the gateway itself answers them with a typed error. */
const AWAY_STATUSES = [502, 503, 504];

export class GatewayError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.message, { cause });
    this.name = 'GatewayError';
    this.problem = problem;
  }
}

/** What an answer outside the 2xx means. `body` is its text as it came. */
export function problemOf(status: number, body: string): Problem {
  const error = parseError(body);
  if (error) return { kind: 'refused', status, ...error };
  const who = AWAY_STATUSES.includes(status)
    ? 'A proxy answered for the gateway'
    : 'Something that is not the gateway answered';
  return { kind: 'unreachable', message: `${who} (HTTP ${status}).` };
}

/** Whether the same request may succeed later without anybody changing anything. */
export function isPassing(problem: Problem): boolean {
  return problem.kind === 'unreachable' || problem.status >= 500 || problem.status === 429;
}

type ReadError = Pick<ErrorBody, 'code' | 'message'> & { fields?: FieldProblem[]; traceId?: string };

function parseError(body: string): ReadError | null {
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null) return null;
  const { code, message, traceId, details } = value as Record<string, unknown>;
  if (typeof code !== 'string' || typeof message !== 'string') return null;
  const { fields } = (details ?? {}) as { fields?: FieldProblem[] };
  return {
    code: code as ErrorBody['code'],
    message,
    ...(Array.isArray(fields) ? { fields } : {}),
    ...(typeof traceId === 'string' ? { traceId } : {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer too: it was not the gateway that spoke.
    return null;
  }
}
