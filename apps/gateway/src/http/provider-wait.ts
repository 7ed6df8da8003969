/** Longer than credentials waits for a provider: its own words about who did not answer are better than ours. */
export const PROVIDER_WAIT = { timeoutMs: 20_000 } as const;
