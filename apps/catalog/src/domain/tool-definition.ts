import type { ToolDefinition } from '@patchbay/contracts/catalog';
import { ServiceError } from '@patchbay/contracts/errors';
import { parametersProblems } from './parameters-schema.ts';
import type { RunnerRules } from './runner-rules.ts';
import { urlProblems } from './url-template.ts';

/** Throws `invalid_arguments` naming every field that would make a call of this tool fail whatever its arguments are. */
export function requireCallable({ parameters, http }: ToolDefinition, rules: RunnerRules): void {
  const problems = [...parametersProblems(parameters, rules), ...urlProblems(http, parameters, rules)];
  if (problems.length === 0) return;
  const words = problems.map(({ path, problem }) => `${path} ${problem}`).join('; ');
  throw ServiceError.fields('invalid_arguments', `The tool could not be called as it is written: ${words}.`, problems);
}

export function toolNotFound(toolId: string, version?: number): ServiceError {
  const which = version === undefined ? `tool ${toolId}` : `version ${version} of tool ${toolId}`;
  return new ServiceError('not_found', `There is no ${which} in this organization.`);
}
