import type { EffectClass } from '@patchbay/contracts/outcome';

interface EffectRule {
  /** Something happens in the world: recorded before a byte is sent, and a lost answer is `unknown`, never `failed`. */
  changesTheWorld: boolean;
  /** May be given up while it is under way. */
  cancellable: boolean;
}

/** What follows from an effect class; the only place that knows. */
export const EFFECT_RULES: Record<EffectClass, EffectRule> = {
  read: { changesTheWorld: false, cancellable: true },
  'write.idempotent': { changesTheWorld: true, cancellable: false },
  'write.reversible': { changesTheWorld: true, cancellable: false },
  'write.irreversible': { changesTheWorld: true, cancellable: false },
  message: { changesTheWorld: true, cancellable: false },
  call_control: { changesTheWorld: true, cancellable: false },
};
