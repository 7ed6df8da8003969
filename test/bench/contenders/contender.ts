/** Who is measured against whom, in the order of the table. */
export const CONTENDERS = ['direct', 'webhook', 'webhookTraced', 'patchbayRead', 'patchbayWrite'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** Requests in flight at once, each sent when the one before it was answered. */
export const CONCURRENCIES = [1, 16, 64] as const;
export type Concurrency = (typeof CONCURRENCIES)[number];

/** What is called at the provider: at once, or after its delay. */
export interface ProviderAddress {
  url: string;
  /** Every contender has to send it; the provider refuses a request without it. */
  secret: string;
}

/** One way to reach the provider, as the load generator uses it. */
export interface Caller {
  /** Opens what so many calls at once need; not measured. */
  prepare(concurrency: number): Promise<void>;
  /**
   * One call. Resolves only when it succeeded with the answer to its own question: a fast failure must never look like
   * a fast success.
   *
   * @param lane which of the concurrent callers this is, from 0
   * @returns the trace id it sent along; null for a contender without traces
   */
  call(lane: number): Promise<string | null>;
  close(): Promise<void>;
}

/** A call took longer than this: something is broken, and the run says so. */
export const CALL_TIMEOUT_MS = 10_000;
