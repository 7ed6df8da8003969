import { useEffect, useState } from 'react';

/**
 * Whether the platform offers a sign-in at the organization's identity provider: it then answers with a redirect, which is not followed.
 * Asked without cookies: the answer marks the browser for a new sign-in, which would end one that is under way in another tab.
 */
export function useOrganizationSignIn(): boolean {
  const [isOffered, setOffered] = useState(false);
  useEffect(() => {
    const stopped = new AbortController();
    const ask = fetch('/v1/sign-in', { redirect: 'manual', credentials: 'omit', cache: 'no-store', signal: stopped.signal });
    // Nobody answers: the key entry says so when it is used.
    void ask.then(({ type }) => setOffered(type === 'opaqueredirect')).catch(() => setOffered(false));
    return () => stopped.abort();
  }, []);
  return isOffered;
}
