import type { AgentFunction, AgentVersion } from '@patchbay/contracts/agents';
import { ServiceError, type FieldProblem } from '@patchbay/contracts/errors';
import { contradictions } from './function-rules.ts';
import { callControlProblems } from './transfer-target.ts';

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

/** Throws `invalid_arguments` naming every field that is wrong whichever tools and agents exist. */
export function requireSound({ functions, speech }: Pick<AgentVersion, 'functions' | 'speech'>): void {
  const problems = [...functions.flatMap((one, at) => functionProblems(one, at, functions)), ...zoneProblems(speech.timeZone)];
  if (problems.length === 0) return;
  const words = problems.map(({ path, problem }) => `${path} ${problem}`).join('; ');
  throw ServiceError.fields('invalid_arguments', `The version contradicts itself: ${words}.`, problems);
}

function functionProblems(one: AgentFunction, at: number, functions: AgentFunction[]): FieldProblem[] {
  const path = `functions.${at}`;
  const { callControl, connectionId } = one;
  // A model calls a function by its name alone.
  const first = functions.findIndex(({ name }) => name === one.name);
  return [
    ...(first === at ? [] : [{ path: `${path}.name`, problem: `is the name of functions.${first} too` }]),
    ...(callControl ? callControlProblems(callControl, `${path}.callControl`) : []),
    ...(callControl && connectionId ? [{ path: `${path}.connectionId`, problem: 'is of no use: the call itself needs no connection' }] : []),
    ...contradictions(one, path),
  ];
}

function zoneProblems(timeZone: string): FieldProblem[] {
  try {
    Intl.DateTimeFormat('en', { timeZone });
    return [];
  } catch {
    // The only way to ask: Intl knows more names than it lists, and throws for the others.
    return [{ path: 'speech.timeZone', problem: 'is not the name of a time zone like Europe/Berlin' }];
  }
}

export function agentNotFound(agentId: string): ServiceError {
  return new ServiceError('not_found', `There is no agent ${agentId} in this organization.`);
}

export function versionNotFound(agentId: string, versionId: string): ServiceError {
  return new ServiceError('not_found', `Agent ${agentId} has no version ${versionId}.`);
}
