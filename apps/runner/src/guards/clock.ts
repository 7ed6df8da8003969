/** Milliseconds that never go back; only differences mean something. */
export type Clock = () => number;

export const monotonicClock: Clock = () => performance.now();
