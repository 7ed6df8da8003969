/** For this tab only: closing it signs out. */
const STORAGE_KEY = 'patchbay.apiKey';

export function storedKey(): string | null {
  return window.sessionStorage.getItem(STORAGE_KEY);
}

export function storeKey(apiKey: string | null): void {
  if (apiKey === null) window.sessionStorage.removeItem(STORAGE_KEY);
  else window.sessionStorage.setItem(STORAGE_KEY, apiKey);
}

/**
 * The key of an address like `/#key=...`, once: it is gone from the address bar and the history afterwards. A fragment
 * never travels to a server, which is why the key may come this way.
 */
export function takeKeyFromAddress(): string | null {
  const { hash, pathname, search } = window.location;
  const apiKey = keyInFragment(hash);
  if (apiKey !== null) window.history.replaceState(null, '', pathname + search);
  return apiKey;
}

export function keyInFragment(fragment: string): string | null {
  const found = /^#key=(.+)$/.exec(fragment)?.[1];
  return found === undefined ? null : found.trim();
}

/** What can stand in an Authorization header; anything else is refused here, because the browser could not send it. */
export function isKeyLike(text: string): boolean {
  return /^[\x21-\x7e]{1,200}$/.test(text);
}
