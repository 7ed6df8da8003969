import type { ConnectionCheck } from '@patchbay/contracts/connection-kinds';
import { ServiceError } from '@patchbay/contracts/errors';
import { rescoped } from './connection-health.ts';
import { checkProblems, type SendingRules } from './connection-kinds.ts';
import type { StoredConnection } from './connection.ts';

export interface AskedUpdate {
  name?: string;
  isDefault?: true;
  check?: ConnectionCheck | null;
  /** What an OAuth provider is asked for from the next sign-in on. */
  scopes?: string[];
}

/** Throws `invalid_arguments` for a check or scopes that do not fit; the same object when nothing is asked for. */
export function updated(connection: StoredConnection, asked: AskedUpdate, rules: SendingRules, now: Date): StoredConnection {
  const { name, isDefault, check, scopes } = asked;
  let after = connection;
  if (name !== undefined && name !== connection.name) after = { ...after, name };
  if (isDefault && !connection.isDefault) after = { ...after, isDefault };
  if (check !== undefined) after = withCheck(after, check, rules, now);
  return scopes === undefined ? after : withScopes(after, scopes);
}

function withCheck(connection: StoredConnection, check: ConnectionCheck | null, rules: SendingRules, now: Date): StoredConnection {
  const problems = checkProblems({ ...connection, check }, rules);
  if (problems.length > 0) throw ServiceError.fields('invalid_arguments', 'The check does not fit the connection.', problems);
  // The answer to the new one is known soon.
  return { ...connection, check, nextCheckAt: check && connection.lifecycle !== 'draft' ? now : null };
}

function withScopes(connection: StoredConnection, scopes: string[]): StoredConnection {
  const { oauth } = connection.settings;
  if (!oauth) throw ServiceError.fields('invalid_arguments', 'Only a connection by OAuth asks for scopes.', [{ path: 'scopes', problem: 'are for OAuth only' }]);
  return rescoped({ ...connection, settings: { ...connection.settings, oauth: { ...oauth, scopes } } });
}
