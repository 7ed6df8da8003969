import type { SendFailureCode } from './send-failure.ts';

/** Lower-case names; a name that came more than once has an array. */
export type ResponseHeaders = Record<string, string | string[] | undefined>;

/** Milliseconds since `send` was called, to two decimals. dns, connect and tls only if this request opened the connection. */
export interface SendTimings {
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
  /** When the request was written to the socket: waiting for a free connection ends here. */
  sentMs?: number;
  firstByteMs?: number;
  totalMs: number;
  reusedConnection: boolean;
}

/** The provider answered completely and within the limits. */
export interface Answered {
  kind: 'answered';
  status: number;
  headers: ResponseHeaders;
  /** Decompressed. */
  body: Buffer;
  wireBytes: number;
  decodedBytes: number;
  /** A 3xx that points elsewhere. It was not followed and must not count as success. */
  redirectRefused: boolean;
  /** The provider's IP address, for traces. */
  peerAddress?: string;
  timings: SendTimings;
}

/** No usable answer. */
export interface Failed {
  kind: 'failed';
  code: SendFailureCode;
  /** False only when it is certain that no byte of the request reached the provider. */
  sent: boolean;
  /** Safe to show to a model or a tenant: no secret, no body, no resolved address. */
  message: string;
  peerAddress?: string;
  timings: SendTimings;
}

export type SendResult = Answered | Failed;
