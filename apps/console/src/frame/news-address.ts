/** What the platform adds to an address when a browser comes back from a sign-in or from a provider. */
const NEWS = ['problem', 'connected'];

/** The address of a page without what was told once. */
export function withoutNews({ pathname, searchParams }: URL): string {
  const kept = new URLSearchParams([...searchParams].filter(([name]) => !NEWS.includes(name))).toString();
  return pathname + (kept && `?${kept}`);
}
