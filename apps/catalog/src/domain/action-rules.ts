import type { ToolDefinition } from '@patchbay/contracts/catalog';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { SECRET_HEADERS } from './http-request.ts';
import type { Parameters } from './parameters.ts';
import type { RunnerRules } from './runner-rules.ts';

const USUAL_KEY_HEADER = 'idempotency-key';

/** What is wrong with how a tool is repeated and how long it takes. */
export function actionRulesProblems(tool: ToolDefinition, parameters: Parameters, rules: RunnerRules): FieldProblem[] {
  return [...idempotencyProblems(tool, parameters, rules), ...durationProblems(tool)];
}

function idempotencyProblems({ effect, idempotency, verify, http }: ToolDefinition, parameters: Parameters, rules: RunnerRules): FieldProblem[] {
  if (effect === 'read' && idempotency && 'parameter' in idempotency)
    return [{ path: 'idempotency.strategy', problem: 'is of no use: a read has no intent whose id could be sent' }];
  switch (idempotency?.strategy) {
    case 'own_id':
      return ownParameterProblems(idempotency.parameter, parameters);
    case 'metadata_tag':
      return [
        ...ownParameterProblems(idempotency.parameter, parameters),
        ...(verify ? [] : [{ path: 'verify', problem: 'is missing: idempotency.strategy metadata_tag is found by it' }]),
      ];
    case 'header':
      return keyHeaderProblems(idempotency.header.toLowerCase(), http, rules);
    case 'none':
    case 'upsert':
    case undefined:
      return [];
  }
}

function keyHeaderProblems(header: string, { headers = {} }: ToolDefinition['http'], rules: RunnerRules): FieldProblem[] {
  const path = 'idempotency.header';
  const isFixed = Object.keys(headers).some((name) => name.toLowerCase() === header);
  if (isFixed) return [{ path, problem: 'is fixed in http.headers, where every call has the same' }];
  // The usual name is the platform's own: no template may fix it, and here it is asked for.
  const problem = header === USUAL_KEY_HEADER ? null : keyHeaderProblem(header, rules);
  return problem === null ? [] : [{ path, problem }];
}

/** The key is of one call, like an argument; where a connection puts its secret it would take the secret's place. */
function keyHeaderProblem(header: string, rules: RunnerRules): string | null {
  if (SECRET_HEADERS.has(header)) return 'is where a connection puts its secret';
  return rules.fixedHeaderProblem(header, 'key') ?? rules.argumentHeaderProblem(header);
}

/** The platform puts an id of its own in there. */
function ownParameterProblems(name: string, parameters: Parameters): FieldProblem[] {
  if (!parameters.has(name)) return [{ path: 'idempotency.parameter', problem: `${name} is not among the parameters` }];
  if (parameters.isOf(name, ['string'])) return [];
  return [{ path: `parameters.properties.${name}.type`, problem: 'must be string: the platform puts an id in it' }];
}

function durationProblems({ timeoutMs, expectedMs, poll }: ToolDefinition): FieldProblem[] {
  const longestMs = timeoutMs + (poll?.maxMs ?? 0);
  if (expectedMs === undefined || expectedMs <= longestMs) return [];
  return [{ path: 'expectedMs', problem: `is longer than the ${longestMs} ms that a call may take` }];
}
