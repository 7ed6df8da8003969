import { createContext, useContext } from 'react';
import type { ApiCaller } from '@patchbay/contracts/access';
import type { Permission } from '@patchbay/contracts/permissions';

/** What a signed-in page may use. */
export interface Access {
  /** Null for a person who signed in: the browser shows the cookie of the session by itself. */
  apiKey: string | null;
  caller: ApiCaller;
  /** Ends the access; `reason` is shown above the key entry, and says that the platform ended it already. */
  signOut(reason?: string): void;
}

export const AccessContext = createContext<Access | null>(null);

export function useAccess(): Access {
  const access = useContext(AccessContext);
  if (!access) throw new Error('useAccess is for pages inside the signed-in console.');
  return access;
}

/** Whether to offer something; the gateway decides when it is tried. */
export function useMay(permission: Permission): boolean {
  return useAccess().caller.permissions.includes(permission);
}
