import type { ArgumentOrigin, FunctionRules } from '@patchbay/contracts/action';
import type { CallContext } from './prepared-arguments.ts';

export interface BoundArguments {
  arguments: Record<string, unknown>;
  origins: Record<string, ArgumentOrigin>;
}

type Rules = Pick<FunctionRules, 'static' | 'bound'>;

/** Fixed and bound arguments replace what the model gave under their names, also when the call has no such variable. */
export function bindArguments(given: Record<string, unknown>, rules: Rules, { session }: CallContext): BoundArguments {
  if (!rules.static && !rules.bound) return { arguments: given, origins: {} };
  const bound = Object.entries(rules.bound ?? {});
  const fixed = Object.entries(rules.static ?? {});
  const taken = bound.map(([name, variable]) => [name, variableOf(session, variable)] as const).filter(([, value]) => value !== undefined);
  const names = new Set([...bound, ...fixed].map(([name]) => name));
  const free = Object.entries(given).filter(([name]) => !names.has(name));
  return {
    arguments: Object.fromEntries([...free, ...taken, ...fixed]),
    origins: Object.fromEntries([...taken.map(([name]) => [name, 'variable'] as const), ...fixed.map(([name]) => [name, 'static'] as const)]),
  };
}

function variableOf({ variables, callerNumber }: CallContext['session'], name: string): unknown {
  if (name === 'callerNumber') return callerNumber ?? undefined;
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
