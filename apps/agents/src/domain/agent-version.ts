import type { AgentFunction, AgentVersion } from '@patchbay/contracts/agents';
import { ServiceError } from '@patchbay/contracts/errors';

export type VersionState = AgentVersion['state'];

export const STATES: readonly VersionState[] = ['draft', 'deployed', 'retired'];

/** `retired → deployed` is a rollback; `deployed → deployed` announces again what is deployed already. */
export const TRANSITIONS: readonly { from: VersionState; to: VersionState }[] = [
  { from: 'draft', to: 'deployed' },
  { from: 'deployed', to: 'deployed' },
  { from: 'retired', to: 'deployed' },
  { from: 'deployed', to: 'retired' },
];

export function statesBefore(state: VersionState): VersionState[] {
  return TRANSITIONS.filter(({ to }) => to === state).map(({ from }) => from);
}

/** A model calls a function by its name alone, so a version cannot have two of the same. */
export function requireDistinctNames(functions: AgentFunction[]): void {
  const problems = functions.flatMap(({ name }, at) => {
    const first = functions.findIndex((other) => other.name === name);
    return first === at ? [] : [{ path: `functions.${at}.name`, problem: `is the name of functions.${first} too` }];
  });
  if (problems.length > 0)
    throw ServiceError.fields('invalid_arguments', 'Two functions have the same name.', problems);
}

export function agentNotFound(agentId: string): ServiceError {
  return new ServiceError('not_found', `There is no agent ${agentId} in this organization.`);
}

export function versionNotFound(agentId: string, versionId: string): ServiceError {
  return new ServiceError('not_found', `Agent ${agentId} has no version ${versionId}.`);
}
