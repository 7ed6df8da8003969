import type { ConnectionCheck } from '@patchbay/contracts/connection-kinds';
import { ServiceError, type FieldProblem } from '@patchbay/contracts/errors';
import { rescoped } from './connection-health.ts';
import { useProblems, type SendingRules } from './connection-kinds.ts';
import { requireSecretAgain } from './connection-origins.ts';
import type { StoredConnection } from './connection.ts';

/** Where the secret is to be sent, and what it is tried out with. */
export interface AskedUse {
  origins?: string[];
  check?: ConnectionCheck | null;
}

export interface AskedUpdate extends AskedUse {
  name?: string;
  isDefault?: true;
  /** What an OAuth provider is asked for from the next sign-in on. */
  scopes?: string[];
}

interface UpdateRules extends SendingRules {
  /** Something secret is stored that requests carry. */
  isArmed: boolean;
}

/**
 * Throws `invalid_arguments` for a check, origins or scopes that do not fit, `failed_precondition` for what needs the secret again; the same object
 * when nothing is asked for.
 */
export function updated(connection: StoredConnection, asked: AskedUpdate, rules: UpdateRules, now: Date): StoredConnection {
  const { name, isDefault, scopes } = asked;
  let after = withUse(connection, asked, rules, now);
  if (name !== undefined && name !== connection.name) after = { ...after, name };
  if (isDefault && !connection.isDefault) after = { ...after, isDefault };
  return scopes === undefined ? after : withScopes(after, scopes);
}

/** Throws as `updated` does. */
export function withUse(connection: StoredConnection, asked: AskedUse, rules: UpdateRules, now: Date): StoredConnection {
  const { origins = connection.origins, check } = asked;
  if (check === undefined && origins.join() === connection.origins.join()) return connection;
  const after = { ...connection, origins, check: check === undefined ? connection.check : check };
  if (rules.isArmed) requireSecretAgain(connection, after);
  const problems = useProblems(after, rules);
  if (problems.length > 0) {
    const [{ path, problem }] = problems as [FieldProblem];
    throw ServiceError.fields('invalid_arguments', `It does not fit the connection: ${path} ${problem}.`, problems);
  }
  if (check === undefined) return after;
  // The answer to the new one is known soon.
  return { ...after, nextCheckAt: check && connection.lifecycle !== 'draft' ? now : null };
}

function withScopes(connection: StoredConnection, scopes: string[]): StoredConnection {
  const { oauth } = connection.settings;
  if (!oauth) throw ServiceError.fields('invalid_arguments', 'Only a connection by OAuth asks for scopes.', [{ path: 'scopes', problem: 'are for OAuth only' }]);
  return rescoped({ ...connection, settings: { ...connection.settings, oauth: { ...oauth, scopes } } });
}
