import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ApiCaller } from '@patchbay/contracts/access';
import type { Access } from '../gateway/access.ts';
import type { Problem } from '../gateway/problem.ts';
import { useResource } from '../gateway/use-resource.ts';
import { endSession } from './end-session.ts';
import { isKeyLike, storedKey, storeKey, takeKeyFromAddress } from './stored-key.ts';

export interface SignIn {
  access: Access | null;
  /** A key, or the session of this browser, is being checked. */
  isChecking: boolean;
  /** Why the check could not be made. */
  problem: Problem | null;
  /** Why there is no access, in words; null before the first key and after a sign-out. */
  rejection: string | null;
  enter(apiKey: string): void;
}

interface Entered {
  /** `session`: without a key the cookie of a sign-in may be there, which no script can see. */
  proof: { apiKey: string } | 'session' | null;
  rejection: string | null;
}

const NOT_A_KEY = 'That is not an API key: a key has no spaces and no special characters. Copy it again, whole.';
const WRONG_KEY = 'This API key is not accepted. Copy it again, whole, or use another one.';

/** One answer is enough: an access that ends later is refused by the page that uses it. */
const neverChanges = () => false;

export function useSignIn(): SignIn {
  const [{ proof, rejection }, setEntered] = useState<Entered>(firstProof);
  const enter = useCallback((key: string) => setEntered(admit(key)), []);
  const leave = useCallback((reason: string | null) => setEntered(left(reason)), []);
  useKeyFromLaterLink(enter);

  const apiKey = proof === null || proof === 'session' ? null : proof.apiKey;
  const path = proof === null ? null : '/v1/caller';
  const { data: caller, problem } = useResource<ApiCaller>({ path, apiKey, isChanging: neverChanges });
  const isRefused = problem?.kind === 'refused' && problem.status === 401;
  useEffect(() => {
    if (isRefused) leave(apiKey === null ? null : WRONG_KEY);
  }, [isRefused, apiKey, leave]);

  const signOut = useCallback(
    (reason?: string) => {
      if (apiKey !== null || reason !== undefined) leave(reason ?? null);
      else void endSession().then(leave);
    },
    [apiKey, leave],
  );
  const access = useMemo(() => (caller ? { apiKey, caller, signOut } : null), [apiKey, caller, signOut]);
  const isChecking = proof !== null && !caller && !isRefused;
  return { access, isChecking, problem: isRefused ? null : problem, rejection, enter };
}

function firstProof(): Entered {
  const apiKey = takeKeyFromAddress() ?? storedKey();
  return apiKey === null ? { proof: 'session', rejection: null } : admit(apiKey);
}

function admit(apiKey: string): Entered {
  if (!isKeyLike(apiKey)) return left(NOT_A_KEY);
  storeKey(apiKey);
  return { proof: { apiKey }, rejection: null };
}

function left(rejection: string | null): Entered {
  storeKey(null);
  return { proof: null, rejection };
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
