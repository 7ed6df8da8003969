import { useSyncExternalStore, type ComponentProps, type MouseEvent } from 'react';

/** The path and query of the page; the fragment is not ours. */
export function useAddress(): URL {
  const address = useSyncExternalStore(onAddressChange, currentAddress);
  return new URL(address, window.location.origin);
}

export function navigate(to: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** An anchor that stays in the console; with a modifier key the browser does what it always does. */
export function Link({ to, ...rest }: { to: string } & ComponentProps<'a'>) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
    window.scrollTo(0, 0);
  };
  return <a href={to} onClick={follow} {...rest} />;
}

function currentAddress(): string {
  return window.location.pathname + window.location.search;
}

function onAddressChange(notify: () => void): () => void {
  window.addEventListener('popstate', notify);
  return () => window.removeEventListener('popstate', notify);
}
