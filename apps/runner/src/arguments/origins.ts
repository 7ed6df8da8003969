import type { ArgumentOrigin, FunctionRules } from '@patchbay/contracts/action';
import type { Speech } from '@patchbay/contracts/agents';
import type { FieldProblem } from '@patchbay/contracts/errors';
import type { CallerWords } from './caller-words.ts';
import type { CallContext, PreparedArguments } from './prepared-arguments.ts';
import { hearingOf } from './spoken/hearing.ts';
import type { Hearing } from './spoken/reading.ts';

/** Shorter values equal a session variable by chance: a "yes", a "3", a "US". */
const FEWEST_LETTERS_OF_A_VARIABLE = 4;

/** From the least to the most trusted: a value of several parts is trusted as its least one. */
const TRUST: ArgumentOrigin[] = ['model', 'caller', 'variable', 'static'];

type Rules = NonNullable<FunctionRules['origins']>;

/** What of the call tells where an argument came from. */
export interface OriginContext extends Pick<CallContext, 'session' | 'now'> {
  caller: CallerWords;
}

/**
 * Where each argument came from; with `rules` only those they restrict, and of two origins the one they allow. The first search of a caller's
 * words may take milliseconds: before the provider's request only where a rule asks for it.
 */
export function originsOf(
  prepared: Omit<PreparedArguments, 'problems'>,
  context: OriginContext,
  speech: Speech,
  rules?: Rules,
): Record<string, ArgumentOrigin> {
  const { variables, callerNumber } = context.session;
  const sources: Sources = {
    caller: context.caller,
    hearing: hearingOf(speech, context.now),
    variables: [...Object.values(variables), callerNumber],
    raw: new Map(prepared.normalised.map(({ path, from }) => [path, from])),
  };
  const origins = Object.keys(rules ?? prepared.arguments)
    .filter((name) => Object.hasOwn(prepared.arguments, name) && !Object.hasOwn(prepared.origins, name))
    .map((name) => [name, originOf(prepared.arguments[name], name, { ...sources, allowed: rules?.[name] })] as const);
  return { ...prepared.origins, ...Object.fromEntries(origins) };
}

interface Sources {
  caller: CallerWords;
  hearing: Hearing;
  variables: unknown[];
  /** Path in dots → what it was before it was normalised. */
  raw: Map<string, unknown>;
  allowed?: ArgumentOrigin[] | undefined;
}

function originOf(value: unknown, path: string, sources: Sources): ArgumentOrigin {
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([key, part]) => originOf(part, `${path}.${key}`, sources));
    return TRUST.find((origin) => parts.includes(origin)) ?? 'model';
  }
  const { allowed } = sources;
  if (isVariable(value, sources.variables) && (!allowed || allowed.includes('variable'))) return 'variable';
  return [value, sources.raw.get(path)].some((form) => isSaid(form, sources)) ? 'caller' : 'model';
}

function isVariable(value: unknown, variables: unknown[]): boolean {
  const isWord = typeof value === 'string' || typeof value === 'number';
  return isWord && String(value).length >= FEWEST_LETTERS_OF_A_VARIABLE && variables.includes(value);
}

function isSaid(value: unknown, { caller, hearing }: Sources): boolean {
  return (typeof value === 'string' || typeof value === 'number') && caller.say(value, hearing);
}

const WHERE_FROM: Record<ArgumentOrigin, string> = {
  caller: 'the caller',
  variable: 'what is known of the call',
  static: 'the agent itself',
  model: 'you',
};

/** Arguments whose origin the rules do not allow. */
export function wrongOrigins(origins: Record<string, ArgumentOrigin>, rules: Rules): FieldProblem[] {
  return Object.entries(rules).flatMap(([path, allowed]) => {
    const origin = Object.hasOwn(origins, path) ? origins[path] : undefined;
    if (!origin || allowed.includes(origin)) return [];
    const ask = allowed.includes('caller') ? ': ask for it' : '';
    return [{ path, problem: `must come from ${allowed.map((one) => WHERE_FROM[one]).join(' or ')}${ask}` }];
  });
}
