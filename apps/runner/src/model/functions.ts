import type { IdempotencyStrategy } from '@patchbay/contracts/action';
import type { EffectClass } from '@patchbay/contracts/outcome';
import { EFFECT_RULES } from '@patchbay/contracts/effect';

/** A function as far as the promises depend on it. */
export interface ModelFunction {
  name: string;
  effect: EffectClass;
  idempotency: IdempotencyStrategy;
  /** There is a read that tells whether it happened. */
  canVerify: boolean;
  timeoutMs: number;
  /** Longer than any turn here: it is answered `pending` and goes on behind the reply. */
  outlivesTurn: boolean;
  asksFirst: boolean;
}

type Varied = Pick<ModelFunction, 'name' | 'effect'> & Partial<ModelFunction>;

function define({ name, effect, ...more }: Varied): ModelFunction {
  const asksFirst = EFFECT_RULES[effect].confirmation;
  return { name, effect, idempotency: { strategy: 'none' }, canVerify: false, timeoutMs: 2_000, outlivesTurn: false, asksFirst, ...more };
}

/** One of each kind: with and without a way to repeat, to verify, to ask first, to go on behind the turn. */
export const FUNCTIONS: readonly ModelFunction[] = [
  define({ name: 'look_up', effect: 'read' }),
  define({ name: 'note', effect: 'write.reversible' }),
  define({ name: 'book', effect: 'write.reversible', idempotency: { strategy: 'metadata_tag', parameter: 'tag' }, canVerify: true }),
  define({ name: 'pay', effect: 'write.irreversible', idempotency: { strategy: 'header', header: 'idempotency-key' }, canVerify: true }),
  define({ name: 'text', effect: 'message', canVerify: true }),
  define({ name: 'set_address', effect: 'write.idempotent' }),
  define({ name: 'produce', effect: 'write.reversible', canVerify: true, timeoutMs: 20_000, outlivesTurn: true }),
];
