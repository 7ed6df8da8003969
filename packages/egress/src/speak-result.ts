import type { ResponseRules } from '@patchbay/contracts/action';
import { compileTemplate } from './compile-template.ts';
import { RuleError } from './rule-error.ts';
import { isEmptyResult } from './select-result.ts';

export interface Spoken {
  say?: string;
  /** Why the template made no sentence. */
  problem?: string;
}

export type SpeakResult = (result: unknown, args: Record<string, unknown>) => Spoken;

/** What is said about an empty result when neither the action nor the caller has a sentence for it. */
export const SAY_EMPTY = 'The answer came, but there was nothing in it.';

/** Compiles `say` and `sayEmpty`. An empty result always has a sentence. Throws RuleError. */
export function compileSpeak(
  { say, sayEmpty }: Pick<ResponseRules, 'say' | 'sayEmpty'>,
  fallback: string,
): SpeakResult {
  const template = say === undefined ? undefined : compileTemplate(say);
  return (result, args) => {
    const empty = isEmptyResult(result);
    if (empty && sayEmpty !== undefined) return { say: sayEmpty };
    const spoken = template === undefined ? {} : render(() => template({ result, arguments: args }));
    return spoken.say === undefined && empty ? { ...spoken, say: fallback } : spoken;
  };
}

/** A sentence that cannot be made must not take the result with it. */
function render(template: () => string): Spoken {
  try {
    const say = template();
    return say === '' ? {} : { say };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return { problem: error.message };
  }
}
