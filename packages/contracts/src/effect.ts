import type { EffectClass } from './outcome.ts';

/** What follows from an effect class for everybody who handles a function of it: agents, calls, the runner, the edge. */
export interface EffectRule {
  /** Something happens in the world: recorded before a byte is sent, and a lost answer is `unknown`, never `failed`. */
  changesTheWorld: boolean;
  /** Asking twice leads to the same state, whatever the provider offers. */
  repeatable: boolean;
  /** How long an equal request is the same one, in milliseconds; null: as long as the session lasts. */
  duplicateWindowMs: number | null;
  /** Asks the caller first unless its builder says otherwise. */
  confirmation: boolean;
  /** May be called before it is certain that the caller has finished speaking. */
  speculative: boolean;
  /** What becomes of it when the caller interrupts or the edge cancels. */
  atBargeIn: 'cancel' | 'finish';
  /** What becomes of it when the caller hangs up. */
  atHangUp: 'cancel' | 'finish';
  /** What becomes of it in the test channel. */
  inTests: 'send' | 'fence';
}

const WRITE = {
  changesTheWorld: true,
  repeatable: false,
  duplicateWindowMs: null,
  confirmation: false,
  speculative: false,
  atBargeIn: 'finish',
  atHangUp: 'finish',
  inTests: 'fence',
} as const satisfies EffectRule;

/** What follows from an effect class; the only place that knows. */
export const EFFECT_RULES: Readonly<Record<EffectClass, EffectRule>> = {
  read: {
    changesTheWorld: false,
    repeatable: true,
    duplicateWindowMs: 2_000,
    confirmation: false,
    speculative: true,
    atBargeIn: 'cancel',
    atHangUp: 'cancel',
    inTests: 'send',
  },
  'write.idempotent': { ...WRITE, repeatable: true },
  'write.reversible': WRITE,
  'write.irreversible': { ...WRITE, confirmation: true },
  message: { ...WRITE, confirmation: true },
  // Digits may have to be sent twice; only an accidental repeat counts as one. The edge carries it out, so nothing is fenced.
  call_control: { ...WRITE, duplicateWindowMs: 2_000, inTests: 'send' },
};
