import { ServiceError } from '@patchbay/contracts/errors';
import type { Permission } from '@patchbay/contracts/permissions';

/** Nobody gives away more than they have. */
export function requireAll(held: readonly Permission[], given: readonly Permission[]): void {
  const missing = given.filter((permission) => !held.includes(permission));
  if (missing.length === 0) return;
  const problem = `has ${missing.join(', ')}, which whoever asks does not have`;
  throw ServiceError.fields('forbidden', `You can only give permissions that you have; you lack ${missing.join(', ')}.`, [{ path: 'permissions', problem }]);
}
