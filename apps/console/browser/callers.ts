import type { ApiCaller } from '@patchbay/contracts/access';
import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';

const organizationId = 'org_0198c0ffee';

/** An API key that may do everything in its organization. */
export const caller: ApiCaller = {
  organizationId,
  apiKeyId: 'key_0198c0ffee',
  role: 'member',
  personId: null,
  name: 'first key',
  permissions: [...ROLE_PERMISSIONS.owner],
};

/** Somebody who signed in, and may look. */
export const viewer: ApiCaller = {
  ...caller,
  apiKeyId: '',
  personId: 'per_0198c0ffee',
  name: 'vera@example.com',
  permissions: [...ROLE_PERMISSIONS.viewer],
};
