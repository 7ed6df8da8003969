import type { FunctionSnapshot } from '@patchbay/contracts/agents';

/**
 * What limits, breakers and retry budgets of a provider are kept by: the account (or the tool, where there is none) and the host. Null for
 * functions of the call itself, which no provider answers. Costs a URL parse: to be asked when a function is compiled, not when it is called.
 */
export function providerKey(
  organizationId: string,
  { connectionId, toolId, http }: Pick<FunctionSnapshot, 'connectionId' | 'toolId' | 'http'>,
): string | null {
  return http === undefined ? null : `${organizationId} ${connectionId ?? toolId} ${new URL(http.url).host}`;
}
