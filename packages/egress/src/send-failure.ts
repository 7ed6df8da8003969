/** Why a request got no usable answer. A subset of the outcome's error codes, so that it can be passed on as it is. */
export type SendFailureCode =
  | 'egress_blocked'
  | 'dns_failed'
  | 'connect_failed'
  | 'tls_failed'
  | 'timeout'
  | 'reset'
  | 'provider_unreadable'
  | 'cancelled';

/** Travels inside this package only; callers of the sender get data. `message` is safe to show: no secret, no body, no resolved address. */
export class SendFailure extends Error {
  constructor(
    readonly code: SendFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SendFailure';
  }
}

/** Errors from the network come from Node's own realm or from undici; only their code can be relied on. */
export function errorCodeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : 'unknown error';
}

/** How far a request had come when undici reported an error. */
export interface Progress {
  /** It had been written to a socket. */
  sent: boolean;
  /** The headers of the answer had been read. */
  answering: boolean;
}

/** What undici reported for a request, as one of our codes. */
export function sendFailureFrom(error: unknown, progress: Progress): SendFailure {
  if (error instanceof SendFailure) return error;
  const code = errorCodeOf(error);
  const cause = { cause: error };
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') {
    return new SendFailure('cancelled', 'the sender is closed', cause);
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    // undici names the header or the part that is malformed, never its value.
    return new SendFailure('egress_blocked', `the request is malformed: ${(error as Error).message}`, cause);
  }
  if (!progress.sent) return new SendFailure('connect_failed', `no connection could be used (${code})`, cause);
  if (isUnreadable(error as Error, code, progress)) {
    return new SendFailure('provider_unreadable', 'the answer is not valid HTTP/1.1', cause);
  }
  return new SendFailure('reset', `the connection was lost before the answer was complete (${code})`, cause);
}

// undici 8.12 has no code of its own for some of these; what is compared was read in its client-h1.js.
function isUnreadable({ name, message }: Error, code: string, { answering }: Progress): boolean {
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return true;
  // An answer that stops early is a lost connection, although the parser words it as a fault in the text.
  if (name === 'HTTPParserError') return !message.includes('Invalid EOF state');
  // Inside the headers: two lengths that contradict each other. After them: a body that stopped early.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return !answering;
  // One code for a closed socket ("other side closed") and for an unasked 100 or 101 ("bad response", "bad upgrade").
  return code === 'UND_ERR_SOCKET' && message.startsWith('bad ');
}
