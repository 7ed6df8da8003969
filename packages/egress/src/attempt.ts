import type { Dispatcher } from 'undici';
import { type ContentEncoding, decodeBody, readEncoding, tooLarge } from './decode-body.ts';
import type { ConnectionAwareHandler } from './guarded-agent.ts';
import { SendFailure, sendFailureFrom } from './send-failure.ts';
import type { ResponseHeaders, SendResult, SendTimings } from './send-result.ts';
import type { ConnectionLog } from './socket-opener.ts';

export interface AttemptLimits {
  deadlineMs: number;
  headersTimeoutMs: number;
  maxWireBytes: number;
  maxDecodedBytes: number;
  signal: AbortSignal | undefined;
  late: LateAnswer | undefined;
  maySend: (() => boolean) | undefined;
}

/** For a request whose answer matters even when it comes too late for whoever waits. */
export interface LateAnswer {
  /** How long a request that was sent is kept open after its deadline, in milliseconds. */
  ms: number;
  /** Called once, after `send` has answered `timeout`: with the late answer, or with how the wait for it ended. */
  onEnd: (result: SendResult) => void;
}

/**
 * One request on its way, as undici sees it. Ends exactly once, whatever undici still reports afterwards.
 * Throwing in one of the `on...` methods is undici's way to end a request; the error comes back in `onResponseError`.
 */
export class Attempt implements ConnectionAwareHandler {
  private readonly startedAt = performance.now();
  private timer: NodeJS.Timeout;
  private headersTimer: NodeJS.Timeout | undefined;
  private connection: ConnectionLog | undefined;
  private openingsBefore = 0;
  private controller: Dispatcher.DispatchController | undefined;
  private sentAt: number | undefined;
  private firstByteAt: number | undefined;
  private status = 0;
  private headers: ResponseHeaders = {};
  private encoding: ContentEncoding = 'identity';
  private readonly chunks: Buffer[] = [];
  private wireBytes = 0;
  private ended = false;

  constructor(
    private readonly limits: AttemptLimits,
    private resolve: (result: SendResult) => void,
  ) {
    const { deadlineMs, headersTimeoutMs, signal } = limits;
    this.timer = setTimeout(endAtDeadline, deadlineMs, this);
    if (headersTimeoutMs < deadlineMs) this.headersTimer = setTimeout(endWithoutHeaders, headersTimeoutMs, this);
    signal?.addEventListener('abort', this, { once: true });
    if (signal?.aborted) this.handleEvent();
    else if (deadlineMs <= 0) endAtDeadline(this);
  }

  /** Ended before anything was dispatched: already cancelled, or no time left. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** Ends the request without an answer and closes its socket, if it has one. */
  fail(failure: SendFailure): void {
    if (this.ended) return;
    const sent = this.sentAt !== undefined;
    const { code, message } = failure;
    this.end({ kind: 'failed', code, sent, message, peerAddress: this.peerAddress(), timings: this.timings() });
    this.controller?.abort(failure);
  }

  /** Tells that no answer came in time. What was sent goes on when a late answer is wanted. */
  endAtDeadline(): void {
    const { late } = this.limits;
    const failure = new SendFailure('timeout', 'no complete answer within the deadline');
    if (this.ended || late === undefined || this.sentAt === undefined) {
      this.fail(failure);
      return;
    }
    const { code, message } = failure;
    this.resolve({ kind: 'failed', code, sent: true, message, peerAddress: this.peerAddress(), timings: this.timings() });
    this.resolve = late.onEnd;
    this.timer = setTimeout(endWaiting, late.ms, this);
  }

  /** The signal's `abort` event. */
  handleEvent(): void {
    this.fail(new SendFailure('cancelled', 'the request was cancelled'));
  }

  onConnectionChosen(log: ConnectionLog): void {
    this.connection = log;
    this.openingsBefore = log.openings;
  }

  /** The request is written right after this returns. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Ended while waiting for a connection: throwing here keeps every byte of it, and the socket for the next request.
    if (this.ended) throw new SendFailure('cancelled', 'the request ended before it was sent');
    // undici would start a request again that it put back into its queue. A write must never go out twice.
    if (this.sentAt !== undefined)
      throw new SendFailure('reset', 'the connection was lost before the answer was complete');
    if (this.limits.maySend?.() === false) throw new SendFailure('cancelled', 'the request may no longer be sent');
    this.controller = controller;
    this.sentAt = performance.now();
  }

  onResponseStarted(): void {
    this.firstByteAt ??= performance.now();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    // 102 and 103 announce an answer that is still to come.
    if (status < 200) return;
    clearTimeout(this.headersTimer);
    this.status = status;
    this.headers = headers;
    this.encoding = readEncoding(headers['content-encoding']);
    if (Number(headers['content-length']) > this.limits.maxWireBytes) throw tooLarge(this.limits.maxWireBytes);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.wireBytes += chunk.length;
    if (this.wireBytes > this.limits.maxWireBytes) throw tooLarge(this.limits.maxWireBytes);
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.chunks;
    const bytes = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks);
    decodeBody(this.encoding, bytes, this.limits.maxDecodedBytes, (failure, body) => {
      if (failure) this.fail(failure);
      else this.answer(body);
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.ended) return;
    this.fail(sendFailureFrom(error, { sent: this.sentAt !== undefined, answering: this.status !== 0 }));
  }

  private answer(body: Buffer): void {
    if (this.ended) return;
    const { status, headers, wireBytes } = this;
    this.end({
      kind: 'answered',
      status,
      headers,
      body,
      wireBytes,
      decodedBytes: body.length,
      redirectRefused: status >= 300 && status < 400 && status !== 304,
      peerAddress: this.peerAddress(),
      timings: this.timings(),
    });
  }

  private end(result: SendResult): void {
    this.ended = true;
    clearTimeout(this.timer);
    clearTimeout(this.headersTimer);
    this.limits.signal?.removeEventListener('abort', this);
    this.resolve(result);
  }

  private peerAddress(): string | undefined {
    return this.connection?.peerAddress;
  }

  private timings(): SendTimings {
    const { connection, startedAt } = this;
    const opened = connection !== undefined && connection.openings > this.openingsBefore;
    return {
      dnsMs: opened ? msBetween(startedAt, connection.dnsAt) : undefined,
      connectMs: opened ? msBetween(startedAt, connection.connectAt) : undefined,
      tlsMs: opened ? msBetween(startedAt, connection.tlsAt) : undefined,
      sentMs: msBetween(startedAt, this.sentAt),
      firstByteMs: msBetween(startedAt, this.firstByteAt),
      totalMs: roundMs(performance.now() - startedAt),
      reusedConnection: this.sentAt !== undefined && !opened,
    };
  }
}

function endAtDeadline(attempt: Attempt): void {
  attempt.endAtDeadline();
}

function endWaiting(attempt: Attempt): void {
  attempt.fail(new SendFailure('timeout', 'no complete answer came late, either'));
}

function endWithoutHeaders(attempt: Attempt): void {
  attempt.fail(new SendFailure('timeout', 'the provider did not begin to answer in time'));
}

function msBetween(startedAt: number, at: number | undefined): number | undefined {
  return at === undefined ? undefined : roundMs(at - startedAt);
}

function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}
