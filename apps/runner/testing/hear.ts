import { compileArguments } from '../src/arguments/compile-arguments.ts';

/** A Wednesday, noon in New York. */
export const NOW = new Date('2026-11-25T17:00:00Z');

export const SPEECH = {
  en: { language: 'en', region: 'US', timeZone: 'America/New_York' },
  es: { language: 'es', region: 'ES', timeZone: 'Europe/Madrid' },
  de: { language: 'de', region: 'DE', timeZone: 'Europe/Berlin' },
} as const;

const TYPES = ['integer', 'number', 'boolean'];

/** What becomes of one spoken value; `kind` is a type or a format. A refusal reads `problem: …`. */
export function hear(language: keyof typeof SPEECH, kind: string, spoken: unknown, region?: string): unknown {
  const value = TYPES.includes(kind) ? { type: kind } : { type: 'string', format: kind };
  const schema = { type: 'object', properties: { value }, required: ['value'] };
  const prepare = compileArguments({ schema, speech: { ...SPEECH[language], ...(region ? { region } : {}) } });
  const context = { session: { variables: {}, callerNumber: null }, callerTurns: [], now: NOW };
  const { arguments: args, problems } = prepare({ value: spoken }, context);
  return problems.length > 0 ? `problem: ${problems.map(({ problem }) => problem).join('; ')}` : args['value'];
}
