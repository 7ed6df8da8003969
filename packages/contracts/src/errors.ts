import { z } from 'zod';

/** Every failure a service may answer with, and the HTTP status the gateway shows for it. */
export const ERROR_STATUS = {
  invalid_arguments: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  session_not_found: 404,
  conflict: 409,
  session_ended: 409,
  failed_precondition: 412,
  payload_too_large: 413,
  rate_limited: 429,
  internal: 500,
  overloaded: 503,
  unavailable: 503,
  deadline_exceeded: 504,
} as const;
export type ServiceErrorCode = keyof typeof ERROR_STATUS;

/** Headers that mark a reply as an error, as every NATS micro-service does: a number and a word. */
export const ERROR_CODE_HEADER = 'Nats-Service-Error-Code';
export const ERROR_WORD_HEADER = 'Nats-Service-Error';

/** One wrong field: `path` in dots (`http.url`, `functions.0.name`), `problem` in words. */
export const FieldProblem = z.object({ path: z.string(), problem: z.string() });
export type FieldProblem = z.infer<typeof FieldProblem>;

export const ErrorBody = z
  .object({
    code: z.enum(Object.keys(ERROR_STATUS) as [ServiceErrorCode, ...ServiceErrorCode[]]),
    message: z.string(),
    details: z.object({ fields: z.array(FieldProblem).optional() }).loose().optional(),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof ErrorBody>;

/**
 * The only error that crosses a service boundary; thrown by handlers and by clients alike.
 * `message` is for people and may change; decide by `code`.
 */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  readonly details: ErrorBody['details'];

  constructor(
    code: ServiceErrorCode,
    message: string,
    extra: { details?: ErrorBody['details']; cause?: unknown } = {},
  ) {
    super(message, { cause: extra.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.details = extra.details;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message, ...(this.details ? { details: this.details } : {}) };
  }

  static fromBody(body: unknown): ServiceError {
    const parsed = ErrorBody.safeParse(body);
    if (!parsed.success) return new ServiceError('internal', 'The service answered with an unreadable error.');
    const { code, message, details } = parsed.data;
    return new ServiceError(code, message, { details });
  }

  /** A refusal that names the fields at fault. */
  static fields(code: ServiceErrorCode, message: string, fields: FieldProblem[]): ServiceError {
    return new ServiceError(code, message, { details: { fields } });
  }
}

/** The issues of a failed zod check as field problems, paths in dots. */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message }));
}
