import type { ResponseRules } from '@patchbay/contracts/action';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { schemaProblems } from './parameters-schema.ts';
import type { Parameters } from './parameters.ts';
import type { RunnerRules } from './runner-rules.ts';

/** What is wrong with what is made of an answer. */
export function responseProblems(response: ResponseRules | undefined, parameters: Parameters, rules: RunnerRules): FieldProblem[] {
  if (!response) return [];
  const { success, errors = [], pick = [], rename = {}, say, schema } = response;
  const problems = [
    ...conditionProblems(success, 'response.success', rules),
    ...errors.flatMap(({ when }, at) => conditionProblems(when, `response.errors.${at}.when`, rules)),
    ...pick.flatMap((field, at) => fieldProblems(field, `response.pick.${at}`, rules)),
    ...Object.keys(rename).flatMap((field) => fieldProblems(field, `response.rename.${field}`, rules)),
    ...repeatedNames(rename),
    ...sayProblems(say, parameters, rules),
    ...(schema ? schemaProblems(schema, 'response.schema', rules) : []),
  ];
  if (problems.length > 0) return problems;
  // Whatever only shows when the rules are taken together.
  const other = rules.responseProblem(response);
  return other === undefined ? [] : [{ path: 'response', problem: other }];
}

/** Empty for a condition that is not there: it has a default. */
export function conditionProblems(condition: string | undefined, path: string, rules: RunnerRules): FieldProblem[] {
  const problem = condition === undefined ? undefined : rules.conditionProblem(condition);
  return problem === undefined ? [] : [{ path, problem }];
}

function fieldProblems(field: string, path: string, rules: RunnerRules): FieldProblem[] {
  const problem = rules.responseProblem({ pick: [field] });
  return problem === undefined ? [] : [{ path, problem }];
}

/** A field gets its name at the top of the result; behind a `*` it keeps its place. */
function repeatedNames(rename: Record<string, string>): FieldProblem[] {
  const targets = Object.entries(rename).map(([field, name]) => ({ field, target: field.slice(0, field.lastIndexOf('*') + 1) + name }));
  return targets.flatMap(({ field, target }, at) => {
    const before = targets.slice(0, at).find((other) => other.target === target);
    return before ? [{ path: `response.rename.${field}`, problem: `has the name that ${before.field} gets` }] : [];
  });
}

function sayProblems(say: string | undefined, parameters: Parameters, rules: RunnerRules): FieldProblem[] {
  const problem = say === undefined ? undefined : rules.templateProblem(say, ['result', 'arguments'], parameters.names);
  return problem === undefined ? [] : [{ path: 'response.say', problem }];
}
