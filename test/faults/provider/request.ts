/** One request as the provider saw it. Times are of the machine's clock, in milliseconds. */
export interface ProviderRequest {
  atMs: number;
  /** When the answer was complete or the connection gone; null while neither. */
  endedAtMs: number | null;
  /** The other side closed the connection before it had the whole answer. */
  abandoned: boolean;
  /** `effect` a write, `read`, or `verify`: whether a write has happened. */
  kind: 'effect' | 'read' | 'verify';
  /** The argument that tells one intent from another. */
  tag: string;
  /** As in `idempotency-key`; null without one. */
  idempotencyKey: string | null;
  /** The body of a write, the path of a read. */
  arguments: string;
  tookEffect: boolean;
}
