import type { FunctionSnapshot } from '@patchbay/contracts/agents';
import { EffectClass } from '@patchbay/contracts/outcome';

type Rules = Partial<FunctionSnapshot>;

/** What a function says of confirmation: nothing, that it asks, or that it does not. */
const ASKS = { '': undefined, '_asking': true, '_not_asking': false } as const;

/** `do_read`, `do_write_idempotent_asking`, …: the same request for every class, so that whatever differs follows from the class. */
export function effectFunctions(functionAt: (name: string, rules: Rules) => FunctionSnapshot, providerUrl: string): FunctionSnapshot[] {
  return EffectClass.options.flatMap((effect) =>
    Object.entries(ASKS).map(([ending, required]) =>
      functionAt(`${nameOf(effect)}${ending}`, {
        effect,
        ...(effect === 'call_control' ? OF_THE_CALL : { http: { method: 'POST', url: `${providerUrl}/acts` } }),
        ...(required === undefined ? {} : { confirmation: { required } }),
      }),
    ),
  );
}

export function nameOf(effect: EffectClass): string {
  return `do_${effect.replace('.', '_')}`;
}

/** The one class without a request: the edge carries it out. */
const OF_THE_CALL: Rules = {
  http: undefined,
  connectionId: null,
  parameters: { type: 'object', properties: {} },
  callControl: { action: 'hold' },
};
