import { Liquid, type Template } from 'liquidjs';
import { cleanText } from './clean-text.ts';
import { RuleError } from './rule-error.ts';

/** Renders one text. Throws RuleError when the scope lacks what the template names, or the text becomes too long. */
export type RenderTemplate = (scope: Record<string, unknown>) => string;

const MAX_TEMPLATE_CHARACTERS = 4_000;
/** About two minutes of speech: nobody listens longer. */
const MAX_RENDERED_CHARACTERS = 2_000;
// An honest template takes well under a millisecond. By the clock: low enough that other calls hardly notice, high enough for a busy machine.
const RENDER_LIMIT_MS = 100;
// Elements and characters that loops and filters may make.
const MEMORY_LIMIT = 50_000;

const engine = new Liquid({
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  // `if` and the filter `default` may ask for what is not there.
  lenientIf: true,
  // In place of the file system, which `include`, `render` and `layout` would read.
  templates: {},
  outputEscape: speakable,
  // A time is spoken as the provider gave it, and nothing depends on the machine's own settings.
  preserveTimezones: true,
  timezoneOffset: 0,
  locale: 'en',
  parseLimit: MAX_TEMPLATE_CHARACTERS,
  renderLimit: RENDER_LIMIT_MS,
  memoryLimit: MEMORY_LIMIT,
});
for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag];

/**
 * A Liquid template as a function: `Your order arrives {{ result.arrival }}.` The text comes without unseen characters, its white space
 * joined to single spaces. Throws RuleError for a template that does not parse, is longer than 4,000 characters, or uses a filter or a tag that is not there.
 */
export function compileTemplate(text: string): RenderTemplate {
  const template = parse(text);
  return (scope) => {
    const rendered = cleanText(render(template, scope)).replaceAll(/\s+/g, ' ').trim();
    if (rendered.length > MAX_RENDERED_CHARACTERS)
      throw new RuleError('template', `makes more than ${MAX_RENDERED_CHARACTERS} characters`);
    return rendered;
  };
}

function parse(text: string): Template[] {
  try {
    return engine.parse(text);
  } catch (error) {
    throw new RuleError('template', `cannot be read: ${firstLine(error)}`, { cause: error });
  }
}

function render(template: Template[], scope: Record<string, unknown>): string {
  try {
    return String(engine.renderSync(template, scope));
  } catch (error) {
    throw new RuleError('template', `cannot be rendered: ${firstLine(error)}`, { cause: error });
  }
}

/** A list or an object would be spoken as `[object Object]`. */
function speakable(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') throw new TypeError('a list or an object cannot be spoken; name its fields');
  return String(value);
}

function firstLine(error: unknown): string {
  return String((error as Error | undefined)?.message).split('\n', 1)[0] as string;
}
