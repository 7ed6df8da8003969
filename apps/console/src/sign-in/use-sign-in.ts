import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ApiCaller } from '@patchbay/contracts/credentials';
import type { Access } from '../gateway/access.ts';
import type { Problem } from '../gateway/problem.ts';
import { useResource } from '../gateway/use-resource.ts';
import { isKeyLike, storedKey, storeKey, takeKeyFromAddress } from './stored-key.ts';

export interface SignIn {
  access: Access | null;
  /** A key is being checked. */
  isChecking: boolean;
  /** Why the check could not be made. */
  problem: Problem | null;
  /** Why there is no access, in words; null before the first key and after a sign-out. */
  rejection: string | null;
  enter(apiKey: string): void;
}

interface Entered {
  apiKey: string | null;
  rejection: string | null;
}

const NOT_A_KEY = 'That is not an API key: a key has no spaces and no special characters. Copy it again, whole.';
const WRONG_KEY = 'This API key is not accepted. Copy it again, whole, or use another one.';

/** One answer is enough: a key that stops working later is refused by the page that uses it. */
const neverChanges = () => false;

export function useSignIn(): SignIn {
  const [{ apiKey, rejection }, setEntered] = useState<Entered>(() => admit(takeKeyFromAddress() ?? storedKey()));
  const enter = useCallback((key: string) => setEntered(admit(key)), []);
  const leave = useCallback((reason: string | null) => setEntered({ ...admit(null), rejection: reason }), []);
  useKeyFromLaterLink(enter);

  const path = apiKey === null ? null : '/v1/caller';
  const resource = useResource<ApiCaller>({ path, apiKey: apiKey ?? '', isChanging: neverChanges });
  const { data: caller, problem } = resource;
  const isRefused = problem?.kind === 'refused' && problem.status === 401;
  useEffect(() => {
    if (isRefused) leave(WRONG_KEY);
  }, [isRefused, leave]);

  const access = useMemo(
    () => (apiKey && caller ? { apiKey, caller, signOut: (reason?: string) => leave(reason ?? null) } : null),
    [apiKey, caller, leave],
  );
  const isChecking = apiKey !== null && !caller && !isRefused;
  return { access, isChecking, problem: isRefused ? null : problem, rejection, enter };
}

function admit(apiKey: string | null): Entered {
  const isAdmitted = apiKey !== null && isKeyLike(apiKey);
  storeKey(isAdmitted ? apiKey : null);
  if (isAdmitted) return { apiKey, rejection: null };
  return { apiKey: null, rejection: apiKey === null ? null : NOT_A_KEY };
}

/** A link with a key that is opened in a tab where the console runs already changes only the fragment. */
function useKeyFromLaterLink(enter: (apiKey: string) => void): void {
  useEffect(() => {
    const take = () => {
      const linkedKey = takeKeyFromAddress();
      if (linkedKey !== null) enter(linkedKey);
    };
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, [enter]);
}
