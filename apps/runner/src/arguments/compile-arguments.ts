import { problemWithSize } from '@patchbay/arguments/argument-bounds';
import { compileSchema } from '@patchbay/arguments/compile-schema';
import type { FunctionRules } from '@patchbay/contracts/action';
import type { Speech } from '@patchbay/contracts/agents';
import { bindArguments } from './bind-arguments.ts';
import { CallerWords } from './caller-words.ts';
import { originsOf, wrongOrigins } from './origins.ts';
import type { CallContext, PreparedArguments } from './prepared-arguments.ts';
import { compileReading } from './readable-values.ts';
import { hearingOf } from './spoken/hearing.ts';

export interface ArgumentRules extends Pick<FunctionRules, 'static' | 'bound' | 'origins'> {
  /** JSON Schema 2020-12 of all arguments, static and bound ones too. */
  schema: Record<string, unknown>;
  speech: Speech;
}

/** Binds, normalises and checks what a model gave; whatever it gave, it does not throw. */
export type PrepareArguments = (modelArguments: Record<string, unknown>, context: CallContext) => PreparedArguments;

/** Compiles what is known of a function's arguments, once. Throws when its schema or its time zone cannot be used. */
export function compileArguments({ schema, speech, origins: allowed, ...fixed }: ArgumentRules): PrepareArguments {
  const problemsWith = compileSchema(schema);
  const read = compileReading(schema);
  requireTimeZone(speech.timeZone);

  function normalise(given: Record<string, unknown>, now: Date | undefined) {
    const problems = problemsWith(given);
    // What fits is never touched, and costs one check.
    if (problems.length === 0 || !read) return { arguments: given, normalised: [], problems };
    const found = read(given, hearingOf(speech, now));
    const left = found.value === given ? problems : problemsWith(found.value);
    const told = new Set(found.problems.map(({ path }) => path));
    return { arguments: found.value, normalised: found.normalised, problems: [...found.problems, ...left.filter(({ path }) => !told.has(path))] };
  }

  return (modelArguments, context) => {
    const tooLarge = problemWithSize(modelArguments);
    if (tooLarge) return { arguments: modelArguments, origins: {}, normalised: [], problems: [tooLarge] };
    const bound = bindArguments(modelArguments, fixed, context);
    const prepared = { ...normalise(bound.arguments, context.now), origins: bound.origins };
    if (!allowed) return prepared;
    const origins = originsOf(prepared, { ...context, caller: new CallerWords(context.callerTurns) }, speech, allowed);
    return { ...prepared, origins, problems: [...prepared.problems, ...wrongOrigins(origins, allowed)] };
  };
}

function requireTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions();
  } catch (error) {
    throw new Error(`There is no time zone ${timeZone}.`, { cause: error });
  }
}
