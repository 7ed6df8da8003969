/** Stands for this origin while a path is read; resolves nowhere (RFC 2606). */
const OWN = 'http://own.invalid';

/**
 * The path to send a browser to, with what it should be told there. Whatever would leave this origin becomes `/`: browsers read
 * `/\evil.example` and `//evil.example` as another host.
 */
export function ownPath(path: string, told: Record<string, string> = {}): string {
  const url = URL.canParse(path, OWN) ? new URL(path, OWN) : new URL(OWN);
  const own = url.origin === OWN && path.startsWith('/') ? url : new URL(OWN);
  for (const [name, value] of Object.entries(told)) own.searchParams.set(name, value);
  const sent = own.pathname + own.search + own.hash;
  // `/.//evil.example` stays here while it is read, and leaves when its dots are gone.
  return sent.startsWith('//') ? '/' : sent;
}
