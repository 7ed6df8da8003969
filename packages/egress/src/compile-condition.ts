import { Environment, serialize } from '@marcbachmann/cel-js';
import type { AnswerView } from './answer-view.ts';
import { loopedLists } from './condition-bounds.ts';
import { RuleError } from './rule-error.ts';

/** Says whether an answer is what an expression describes. */
export type Condition = (answer: AnswerView) => boolean;

const MAX_CHARACTERS = 1_000;
// 5,000 elements of a simple loop take 2 ms.
const MAX_LOOPED_ELEMENTS = 5_000;

const environment = new Environment({
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 300, maxDepth: 100, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 4 },
})
  .registerVariable('status', 'int')
  .registerVariable('headers', 'map<string, string>')
  .registerVariable('body', 'dyn');

/**
 * A CEL expression over `{ status, headers, body }` of an answer as a function: `status == 200 && body.ok == true`. Header names are in lower
 * case; `body` is the JSON, the text when the answer is no JSON, or null. An expression that meets something that is not there (a missing
 * field, another type, a loop over more than 5,000 elements) is not true; ask with `has(body.error)`. Numbers of a body are doubles:
 * `double(body.paid) + 1.0`.
 *
 * Throws RuleError for what does not parse, is not a yes or no, or could take long: regular expressions, `map`, one loop in another,
 * texts added to texts.
 */
export function compileCondition(text: string): Condition {
  if (text.length > MAX_CHARACTERS) throw new RuleError('condition', `is longer than ${MAX_CHARACTERS} characters`);
  const evaluate = parse(text);
  const lists = loopedLists(evaluate.ast).map((list) => parse(serialize(list)));
  const checked = evaluate.check();
  if (!checked.valid)
    throw new RuleError('condition', `is not valid: ${firstLine(checked.error)}`, { cause: checked.error });
  if (checked.type !== 'bool' && checked.type !== 'dyn')
    throw new RuleError('condition', `is of the type ${checked.type}, not a yes or no`);
  return (answer) => {
    const context = { status: BigInt(answer.status), headers: answer.headers, body: answer.body };
    try {
      return lists.every((list) => !isLong(list(context))) && evaluate(context) === true;
    } catch {
      // CEL's word for "not there": neither true nor false. Whatever it is, the answer is not what the condition describes.
      return false;
    }
  };
}

function parse(text: string): ReturnType<Environment['parse']> {
  try {
    return environment.parse(text);
  } catch (error) {
    throw new RuleError('condition', `cannot be read: ${firstLine(error)}`, { cause: error });
  }
}

function isLong(list: unknown): boolean {
  return Array.isArray(list) && list.length > MAX_LOOPED_ELEMENTS;
}

function firstLine(error: unknown): string {
  return String((error as Error | undefined)?.message).split('\n', 1)[0] as string;
}
