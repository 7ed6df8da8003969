/** A question to a provider carries only what its URL names; the other arguments would become filters of the query. */
export function namedInUrl(url: string, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => url.includes(`{${name}}`)));
}
