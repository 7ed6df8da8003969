/** An answer without `scope` grants what was asked for (RFC 6749, 5.1); null when nothing was asked for and nothing said. */
export function grantedScopes(answered: string | undefined, requested: readonly string[]): string[] | null {
  // Commas are not in the grammar, but are what several large providers send.
  if (answered !== undefined) return [...new Set(answered.split(/[\s,]+/).filter((scope) => scope !== ''))];
  return requested.length > 0 ? [...requested] : null;
}
