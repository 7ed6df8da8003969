import type { Lifecycle } from '@patchbay/contracts/connections';
import { ServiceError } from '@patchbay/contracts/errors';
import type { StoredConnection } from './connection.ts';

export type LifecycleStep = 'authorize' | 'enable' | 'disable' | 'delete';

/** What leads where; what is not here is refused. A repeat changes nothing. */
const STEPS: Readonly<Record<LifecycleStep, Partial<Record<Lifecycle, Lifecycle>>>> = {
  authorize: { draft: 'active', active: 'active', disabled: 'disabled' },
  enable: { disabled: 'active', active: 'active' },
  disable: { active: 'disabled', disabled: 'disabled' },
  delete: { draft: 'deleted', active: 'deleted', disabled: 'deleted' },
};

const REFUSALS: Readonly<Record<Lifecycle, string>> = {
  draft: 'This connection was never finished; connect the account first.',
  active: 'This connection is active.',
  disabled: 'This connection is disabled; enable it first.',
  deleted: 'This connection is deleted; undelete it first.',
};

/** One to which somebody must agree at the provider is a draft until then. */
export function firstLifecycle({ kind, settings }: Pick<StoredConnection, 'kind' | 'settings'>): Lifecycle {
  const isAgreedTo = kind === 'oauth2_authorization_code' || (kind === 'mcp' && settings.mcp?.authentication === 'oauth');
  return isAgreedTo ? 'draft' : 'active';
}

/** Time to notice a mistake: a day. */
const UNDELETE_MS = 24 * 3_600_000;

/** Throws `failed_precondition` when the step is not one from where the connection is. */
export function stepped(connection: StoredConnection, step: LifecycleStep): StoredConnection {
  const lifecycle = STEPS[step][connection.lifecycle];
  if (!lifecycle) throw refusal(connection);
  return lifecycle === connection.lifecycle ? connection : { ...connection, lifecycle };
}

/** Checked at once: nobody has looked at it while it was disabled. */
export function enabled(connection: StoredConnection, now: Date): StoredConnection {
  const after = stepped(connection, 'enable');
  return after === connection ? connection : { ...after, nextCheckAt: connection.check && now };
}

/** It can be brought back for a day, but not as the default: another may be that by then. */
export function deleted(connection: StoredConnection, now: Date): StoredConnection {
  return {
    ...stepped(connection, 'delete'),
    deletedFrom: connection.lifecycle,
    isDefault: false,
    nextCheckAt: null,
    undeleteUntil: new Date(now.getTime() + UNDELETE_MS),
  };
}

/** What stays of a deleted one when nothing secret is left; null for one that is not that far. */
export function buried(connection: StoredConnection, now: Date): StoredConnection | null {
  const { lifecycle, undeleteUntil, destroyedAt } = connection;
  if (lifecycle !== 'deleted' || destroyedAt || !undeleteUntil || undeleteUntil > now) return null;
  return { ...connection, destroyedAt: now, undeleteUntil: null, hint: '', slots: [], nextRefreshAt: null, expiresAt: null };
}

/** What it was before, as long as its secrets are there. */
export function undeleted(connection: StoredConnection, now: Date): StoredConnection {
  const { lifecycle, deletedFrom, undeleteUntil, destroyedAt, check } = connection;
  if (lifecycle !== 'deleted') throw new ServiceError('failed_precondition', 'This connection is not deleted.');
  if (destroyedAt || !undeleteUntil || undeleteUntil <= now)
    throw new ServiceError('failed_precondition', 'The time to undelete this connection is over; its secrets are destroyed. Make a new one.');
  return { ...connection, lifecycle: deletedFrom ?? 'disabled', deletedFrom: null, undeleteUntil: null, nextCheckAt: check && now };
}

/** Throws `failed_precondition` for one that must not be used for a request now. */
export function requireUsable({ lifecycle, health, reason }: StoredConnection): void {
  if (lifecycle !== 'active') throw refusal({ lifecycle });
  if (health !== 'reconnect_required' && health !== 'revoked') return;
  throw new ServiceError('failed_precondition', `This connection does not work until it is connected again or its secret is rotated. ${reason?.text ?? ''}`.trim());
}

/** Throws `failed_precondition` for one that cannot be tried out: it was never finished, is deleted, or names nothing to try. */
export function requireCheckable({ lifecycle, check, health, refusedAt }: StoredConnection): void {
  if (lifecycle === 'draft' || lifecycle === 'deleted') throw refusal({ lifecycle });
  const isWaiting = health === 'reconnect_required' && refusedAt !== null;
  if (!check && !isWaiting)
    throw new ServiceError('failed_precondition', 'This connection has no check; give it one, or see what its next use says.');
}

/** Throws `failed_precondition` for one that is deleted: nothing of it can be changed but that. */
export function requireNotDeleted({ lifecycle }: Pick<StoredConnection, 'lifecycle'>): void {
  if (lifecycle === 'deleted') throw refusal({ lifecycle });
}

function refusal({ lifecycle }: Pick<StoredConnection, 'lifecycle'>): ServiceError {
  return new ServiceError('failed_precondition', REFUSALS[lifecycle]);
}
