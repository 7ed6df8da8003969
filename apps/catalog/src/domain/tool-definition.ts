import type { ToolDefinition } from '@patchbay/contracts/catalog';
import { ServiceError } from '@patchbay/contracts/errors';
import { actionRulesProblems } from './action-rules.ts';
import { followUpProblems } from './follow-up-requests.ts';
import { requestProblems } from './http-request.ts';
import { parametersProblems } from './parameters-schema.ts';
import { Parameters } from './parameters.ts';
import { responseProblems } from './response-rules.ts';
import type { RunnerRules } from './runner-rules.ts';
import { urlProblems } from './url-template.ts';

/** Throws `invalid_arguments` naming every field that would make a call of this tool fail whatever its arguments are. */
export function requireCallable(tool: ToolDefinition, rules: RunnerRules): void {
  const { idempotency } = tool;
  const own = idempotency && 'parameter' in idempotency ? idempotency.parameter : undefined;
  const parameters = new Parameters(tool.parameters, own);
  const problems = [
    ...parametersProblems(tool.parameters, rules),
    ...urlProblems(tool.http, parameters, rules),
    ...requestProblems(tool.http, parameters, 'http', rules),
    ...responseProblems(tool.response, parameters, rules),
    ...actionRulesProblems(tool, parameters, rules),
    ...followUpProblems(tool, parameters, rules),
  ];
  if (problems.length === 0) return;
  const words = problems.map(({ path, problem }) => `${path} ${problem}`).join('; ');
  throw ServiceError.fields('invalid_arguments', `The tool could not be called as it is written: ${words}.`, problems);
}

export function toolNotFound(toolId: string, version?: number): ServiceError {
  const which = version === undefined ? `tool ${toolId}` : `version ${version} of tool ${toolId}`;
  return new ServiceError('not_found', `There is no ${which} in this organization.`);
}
