import type { RegExpEngine } from 'ajv/dist/types/index.js';
import { RE2JS } from 're2js';

/** Longer than any pattern a person wrote for an argument; the time of a match grows with it. */
const MAX_PATTERN_LETTERS = 1_000;

/**
 * RE2 instead of the engine of JavaScript: a pattern comes from a tenant, and there `^(a+)+$` stops the process for everyone. RE2 matches in
 * time linear in the text; what it cannot do (look-around, back-references, more than 1,000 repeats) is refused when the schema is compiled.
 */
export const linearPattern: RegExpEngine = Object.assign(
  (pattern: string) => {
    if (pattern.length > MAX_PATTERN_LETTERS) throw new Error(`a pattern is longer than ${MAX_PATTERN_LETTERS} characters`);
    return compiled(pattern);
  },
  { code: 'linearPattern' },
);

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw new Error(`the pattern ${pattern} cannot be used: ${why}; look-around and back-references are not supported`, { cause: error });
  }
}
