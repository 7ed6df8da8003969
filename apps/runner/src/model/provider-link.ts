import type { Answered, Failed, SendResult } from '@patchbay/egress/send-result';
import { Future } from './future.ts';
import type { Noise } from './noise.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualProcess } from './virtual-process.ts';
import type { Behaviour, ProviderRequest, VirtualProvider } from './virtual-provider.ts';

/** How long a write that was given up on may still be answered. */
const LATE_MS = 15_000;
const CONNECT_MS = { least: 0, most: 30 };
const SLOW_CONNECT_MS = { least: 200, most: 2_000 };
const SLOW_CONNECT_CHANCE = 0.05;
const EMPTY = Buffer.alloc(0);

export interface Sending {
  request: ProviderRequest;
  deadlineMs: number;
  /** Looked at when the connection is there, before the first byte. */
  maySend: () => boolean;
  onLate?: (result: SendResult) => void;
  /** The first byte leaves. */
  onSent?: () => void;
}

interface Way {
  result: Future<SendResult>;
  sent: boolean;
  timedOut: boolean;
  ended: boolean;
}

/** The guarded client as it behaves: one deadline for everything, a late answer is handed on, nothing is sent after the end. */
export class ProviderLink {
  constructor(
    private readonly clock: VirtualClock,
    private readonly process: VirtualProcess,
    private readonly noise: Noise,
    private readonly provider: VirtualProvider,
    private readonly nextBehaviour: () => Behaviour,
  ) {}

  send(sending: Sending): Future<SendResult> {
    if (sending.deadlineMs <= 0) return Future.of<SendResult>(failed('timeout', false));
    const behaviour = this.nextBehaviour();
    const way: Way = { result: new Future<SendResult>(), sent: false, timedOut: false, ended: false };
    this.process.timer(sending.deadlineMs, () => this.#endAtDeadline(sending, way));
    this.clock.after(this.#connectMs(), () => this.process.deliver(() => this.#onConnected(sending, behaviour, way)));
    return way.result;
  }

  #endAtDeadline({ onLate }: Sending, way: Way): void {
    if (way.ended) return;
    way.timedOut = true;
    way.ended = !way.sent || onLate === undefined;
    if (!way.ended) this.process.timer(LATE_MS, () => (way.ended = true));
    way.result.resolve(failed('timeout', way.sent));
  }

  #onConnected(sending: Sending, behaviour: Behaviour, way: Way): void {
    if (way.ended) return;
    way.ended = behaviour === 'is_unreachable' || !sending.maySend();
    if (way.ended) return way.result.resolve(failed(behaviour === 'is_unreachable' ? 'connect_failed' : 'cancelled', false));
    way.sent = true;
    sending.onSent?.();
    this.provider.receive(sending.request, behaviour, (answer) =>
      this.process.deliver(() => {
        if (way.ended || answer === null) return;
        way.ended = true;
        const value = answer === 'reset' ? failed('reset', true) : answered(answer.status);
        if (way.timedOut) sending.onLate?.(value);
        else way.result.resolve(value);
      }),
    );
  }

  #connectMs(): number {
    const { least, most } = this.noise.isLikely(SLOW_CONNECT_CHANCE) ? SLOW_CONNECT_MS : CONNECT_MS;
    return this.noise.between(least, most);
  }
}

function failed(code: Failed['code'], sent: boolean): Failed {
  return { kind: 'failed', code, sent, message: code, timings: { totalMs: 0, reusedConnection: false } };
}

function answered(status: number): Answered {
  const timings = { totalMs: 0, reusedConnection: false };
  return { kind: 'answered', status, headers: {}, body: EMPTY, wireBytes: 0, decodedBytes: 0, redirectRefused: false, timings };
}
