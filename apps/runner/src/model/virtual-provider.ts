import type { IdempotencyStrategy } from '@patchbay/contracts/action';
import type { IntentRow } from './rows.ts';
import { keyOf } from './rows.ts';
import type { Noise } from './noise.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a provider does with a request. `done` and `lost`: whether it takes effect although no good answer comes. */
export const BEHAVIOURS = [
  'ok',
  'slow',
  'late',
  'hangs_done',
  'hangs_lost',
  'resets_done',
  'resets_lost',
  'breaks_done',
  'breaks_lost',
  'refuses',
  'is_busy',
  'is_unreachable',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

export interface ProviderRequest {
  requestId: string;
  kind: 'request' | 'verify';
  runnerId: string;
  invocationId: string;
  intent: Pick<IntentRow, 'sessionId' | 'function' | 'argumentsHash' | 'epoch' | 'intentId'> | null;
  idempotency: IdempotencyStrategy;
  isRepeatable: boolean;
  asksFirst: boolean;
}

export interface Effect {
  at: number;
  request: ProviderRequest;
  key: string;
}

/** `reset` is a broken connection, null no answer ever. */
export type ProviderAnswer = { status: number } | 'reset' | null;

/**
 * Whatever is still on its way is carried out within this time of being sent. It must be less than the runner waits before it believes
 * a provider that says "not there"; a slower provider is outside of what can be promised.
 */
const CARRIED_OUT_WITHIN_MS = 4_000;
const STATUS: Partial<Record<Behaviour, number>> = { breaks_done: 503, breaks_lost: 503, refuses: 422, is_busy: 429 };

/** Somebody else's system: it keeps what it was made to do. */
export class VirtualProvider {
  readonly effects: Effect[] = [];
  /** Every request of which a byte arrived. */
  readonly received: ProviderRequest[] = [];
  readonly #done = new Set<string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly noise: Noise,
  ) {}

  /** Tells what it does with the request, and answers when it does. */
  receive(request: ProviderRequest, behaviour: Behaviour, answer: (answer: ProviderAnswer) => void): void {
    this.received.push(request);
    const answerMs = this.#answerMs(behaviour);
    const takesEffect = ['ok', 'slow', 'late', 'hangs_done', 'resets_done', 'breaks_done'].includes(behaviour);
    if (takesEffect && request.kind === 'request' && request.intent) {
      const effectMs = Math.min(
        CARRIED_OUT_WITHIN_MS,
        behaviour === 'ok' || behaviour === 'slow' ? answerMs : this.noise.between(0, CARRIED_OUT_WITHIN_MS),
      );
      this.clock.after(effectMs, () => this.#carryOut(request));
    }
    if (behaviour.startsWith('hangs')) return;
    // What a read finds is what is there when it comes, however long the answer takes.
    const found = this.#answerTo(request, behaviour);
    this.clock.after(answerMs, () => answer(found));
  }

  #answerMs(behaviour: Behaviour): number {
    if (behaviour === 'slow') return this.noise.between(300, 3_000);
    if (behaviour === 'late') return this.noise.between(CARRIED_OUT_WITHIN_MS, 16_000);
    return this.noise.between(5, 150);
  }

  #answerTo({ kind, intent }: ProviderRequest, behaviour: Behaviour): ProviderAnswer {
    if (behaviour.startsWith('resets')) return 'reset';
    const status = STATUS[behaviour];
    if (status !== undefined) return { status };
    return { status: kind === 'verify' && !this.#hasDone(intent!.intentId) ? 404 : 200 };
  }

  #hasDone(intentId: string): boolean {
    return this.effects.some(({ request }) => request.intent!.intentId === intentId);
  }

  /** The state changes once per key where the provider knows the repeat by it. */
  #carryOut(request: ProviderRequest): void {
    const { intent, idempotency, isRepeatable } = request;
    const knowsRepeats = isRepeatable || (idempotency.strategy !== 'none' && idempotency.strategy !== 'metadata_tag');
    if (knowsRepeats && this.#done.has(intent!.intentId)) return;
    this.#done.add(intent!.intentId);
    this.effects.push({ at: this.clock.now, request, key: keyOf(intent!) });
  }
}
