import type { ResponseRules } from '@patchbay/contracts/action';
import { MAX_TEXT_BYTES, cleanText, truncate } from './clean-text.ts';
import { type Judgement, compileJudge, isOk } from './judge-answer.ts';
import { type ReadBody, readBody } from './read-body.ts';
import { compileSelect, cutResult, isEmptyResult } from './select-result.ts';
import type { Answered } from './send-result.ts';
import { SAY_EMPTY, compileSpeak } from './speak-result.ts';

/** What an answer means by the rules of its action, and what of it goes on. */
export interface Shaped {
  /** `unreadable`: the answer says that it is JSON and is not, and no error rule was true. */
  kind: 'success' | 'failure' | 'unreadable';
  /** The first error rule that was true; a `failure` then, whatever the status. */
  error?: Judgement['error'];
  /** What the model may read: secrets masked, picked, renamed, at most 64 KiB; a longer one is a text that ends in `[truncated]`. Null for a failure. */
  result: unknown;
  /** The body as it was read, secrets included: for other conditions and, masked, for evidence. */
  body: unknown;
  /** Successes only. */
  say?: string;
  /** Paths that the rules name and the answer lacks. */
  missing: string[];
  /** Why it is unreadable, or why there is no `say` although there is a template. For the builder, not for the model. */
  problem?: string;
}

export type ShapeResponse = (answer: Answered, args: Record<string, unknown>) => Shaped;

/**
 * Compiles the rules of an action; without rules a body is read and judged by the status. `sayEmpty` is said about an empty result when the
 * rules have no sentence for it. Throws RuleError for rules that cannot be compiled.
 */
export function compileResponse(
  rules: ResponseRules | undefined,
  { sayEmpty = SAY_EMPTY }: { sayEmpty?: string } = {},
): ShapeResponse {
  if (rules === undefined) return (answer) => shapePlain(answer, sayEmpty);
  const judge = compileJudge(rules);
  const select = compileSelect(rules);
  const speak = compileSpeak(rules, sayEmpty);
  const mayDiffer = rules.schema !== undefined || rules.pick !== undefined || rules.rename !== undefined;
  return (answer, args) => {
    const read = readBody(answer);
    const judged = judge(answer, read.value);
    if (read.kind === 'unreadable' && judged.error === undefined) return unreadable(read.problem);
    if (judged.kind === 'failure') return { ...judged, result: null, body: read.value, missing: [] };
    const missing = new Set<string>();
    const selected = select(read.value, missing);
    const result = mayDiffer ? cutResult(selected) : cutBody(read, answer);
    return { ...judged, result, body: read.value, ...speak(selected, args), missing: [...missing] };
  };
}

function shapePlain(answer: Answered, sayEmpty: string): Shaped {
  const read = readBody(answer);
  if (read.kind === 'unreadable') return unreadable(read.problem);
  if (!isOk(answer)) return { kind: 'failure', result: null, body: read.value, missing: [] };
  const shaped: Shaped = { kind: 'success', result: cutBody(read, answer), body: read.value, missing: [] };
  if (isEmptyResult(read.value)) shaped.say = sayEmpty;
  return shaped;
}

/** A body that is too long is cut as it was written. */
function cutBody(read: ReadBody, { body }: Answered): unknown {
  if (body.length <= MAX_TEXT_BYTES) return read.value;
  return read.kind === 'json' ? truncate(cleanText(read.text)) : truncate(read.value ?? '');
}

function unreadable(problem: string): Shaped {
  return { kind: 'unreadable', result: null, body: null, missing: [], problem: `the answer ${problem}` };
}
