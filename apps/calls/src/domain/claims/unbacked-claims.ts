import type { UnbackedClaim } from '@patchbay/contracts/edge';
import type { InvocationRecord } from '@patchbay/contracts/runner';
import { CLAIM_EFFECTS, type ClaimEffect } from './claim-language.ts';
import type { Claim } from './detect-claims.ts';
import { EFFECTS } from './effects.ts';

type Done = Pick<InvocationRecord, 'function' | 'effect' | 'status' | 'arguments' | 'result' | 'say'>;

/** Of a result that is read for words: what the provider says it did stands at its beginning. */
const READ_CHARACTERS = 16_384;
/** Longer values are somebody's words, not the name of an action. */
const ACTION_NAME = /^[a-z][a-z _-]{1,30}$/i;

/**
 * The claims that no succeeded invocation of the session stands behind. When in doubt a claim is backed: a success whose effect cannot
 * be told from its words backs everything. `descriptions` are by the name of the function.
 */
export function unbackedClaims(claims: Claim[], invocations: Done[], descriptions: ReadonlyMap<string, string>): UnbackedClaim[] {
  const actsOf = (invocation: Done) => actsOfInvocation(invocation, descriptions.get(invocation.function) ?? '');
  return claims.flatMap(({ words, effect, isWeak }) => {
    const isBacked = invocations.some((invocation) => invocation.status === 'succeeded' && backs(invocation, actsOf(invocation), words, effect));
    if (isBacked) return [];
    const instead = invocations.findLast(
      (invocation) => invocation.effect !== 'read' && invocation.status !== 'succeeded' && mayHave(actsOf(invocation), effect),
    );
    if (isWeak && !instead) return [];
    return [{ claim: words, effect, hint: hintOf(effect, instead) }];
  });
}

function backs(invocation: Done, acts: ReadonlySet<ClaimEffect>, words: string, effect: ClaimEffect): boolean {
  if (invocation.effect !== 'read' && mayHave(acts, effect)) return true;
  // Providers confirm what they did by themselves.
  if (effect === 'sent' && isOfWrite(invocation) && /confirm|receipt|invoice|itinerary|ticket|bestätigung|rechnung|recibo|factura/i.test(words)) return true;
  const told = `${invocation.say ?? ''} ${JSON.stringify(invocation.result ?? '').slice(0, READ_CHARACTERS)}`;
  return TOLD[effect].test(told);
}

function mayHave(acts: ReadonlySet<ClaimEffect>, effect: ClaimEffect): boolean {
  return effect === 'done' || acts.size === 0 || acts.has(effect) || EFFECTS[effect].alsoBackedBy.some((other) => acts.has(other));
}

function isOfWrite({ effect }: Done): boolean {
  return effect.startsWith('write');
}

/** What a function may have done, by its class where that says it, else by its words; nothing when its words do not say. */
function actsOfInvocation(invocation: Done, description: string): ReadonlySet<ClaimEffect> {
  if (invocation.effect === 'message') return new Set(['sent']);
  if (invocation.effect === 'call_control') return new Set(['transferred']);
  const actions = Object.values(invocation.arguments).filter((value) => typeof value === 'string' && ACTION_NAME.test(value));
  const words = [invocation.function.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '), description, ...actions].join(' ').toLowerCase();
  return new Set(CLAIM_EFFECTS.filter((effect) => ACTS[effect].test(words)));
}

const ACTS = expressions(({ acts }) => (acts ? `(?<!\\p{L})(?:${acts})` : '(?!)'));
/** Whole words and no parts of names (`scheduled_at`); the name of a field only where its value is true. */
const TOLD = expressions(({ told }) => `(?<![\\p{L}_])(?:${told})(?![\\p{L}_]|"\\s*:(?!\\s*true))`);

function expressions(patternOf: (facts: (typeof EFFECTS)[ClaimEffect]) => string): Record<ClaimEffect, RegExp> {
  const all = CLAIM_EFFECTS.map((effect) => [effect, new RegExp(patternOf(EFFECTS[effect]), 'iu')]);
  return Object.fromEntries(all) as Record<ClaimEffect, RegExp>;
}

function hintOf(effect: ClaimEffect, instead: Done | undefined): string {
  const { noun } = EFFECTS[effect];
  const name = instead?.function;
  switch (instead?.status) {
    case 'unknown':
      return `The ${noun} is not confirmed yet: ${name} was sent and no trustworthy answer came. Tell the caller that you could not confirm it yet.`;
    case 'pending':
    case 'running':
      return `The ${noun} is not confirmed yet: ${name} is under way. Tell the caller that it is under way.`;
    case 'needs_confirmation':
      return `The ${noun} has not happened: ${name} waits for the caller's yes. Read the confirmation to the caller and call it again.`;
    case undefined:
      return `The ${noun} has not happened: no function of this call did it. Correct this to the caller, then do it or say that you cannot.`;
    default:
      return `The ${noun} has not happened: ${name} ended as ${instead?.status}. Correct this to the caller.`;
  }
}
