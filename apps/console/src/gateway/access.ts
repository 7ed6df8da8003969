import { createContext, useContext } from 'react';
import type { ApiCaller } from '@patchbay/contracts/credentials';

/** What a signed-in page may use. */
export interface Access {
  apiKey: string;
  caller: ApiCaller;
  /** Forgets the key; `reason` is shown above the key entry. */
  signOut(reason?: string): void;
}

export const AccessContext = createContext<Access | null>(null);

export function useAccess(): Access {
  const access = useContext(AccessContext);
  if (!access) throw new Error('useAccess is for pages inside the signed-in console.');
  return access;
}
