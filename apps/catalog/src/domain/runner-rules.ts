import type { HttpRequestTemplate, ResponseRules } from '@patchbay/contracts/action';
import type { FieldProblem } from '@patchbay/contracts/errors';

/** A URL with placeholders, taken apart. */
export interface UrlParts {
  /** Names in its path. */
  placeholders: ReadonlySet<string>;
  /** Names whose values it fixes in its query. */
  fixedQueryNames: ReadonlySet<string>;
}

/** What decides at call time, asked when a tool is published. */
export interface RunnerRules {
  /** What keeps values from being checked with this schema, which stands at `path`; empty when they can be. */
  schemaProblems(schema: Record<string, unknown>, path: string): FieldProblem[];
  /** Why arguments cannot be checked with this sound schema on a live call, in words; undefined when they can. */
  argumentsProblem(schema: Record<string, unknown>): string | undefined;
  /** The parts of a URL, or in words why no request can be made of it. */
  readUrl(url: string): UrlParts | string;
  /** Why a template may not fix this header, in words; null when it may. `name` in lower case. */
  fixedHeaderProblem(name: string, value: string): string | null;
  /** Why no argument may be put in this header, in words; null when one may. `name` in lower case. */
  argumentHeaderProblem(name: string): string | null;
  /** The first thing for which no request can be made of a template with a sound URL; `path` within the template. */
  requestProblem(http: HttpRequestTemplate): FieldProblem | undefined;
  /** Why rules for answers cannot be followed, in words; undefined when they can. */
  responseProblem(response: ResponseRules): string | undefined;
  /** Why a condition over an answer cannot be asked, in words; undefined when it can. */
  conditionProblem(condition: string): string | undefined;
  /** Why no text can be made of a template over these names, in words; `arguments` are the names it may take of `arguments`. */
  templateProblem(template: string, names: readonly string[], parameters: readonly string[]): string | undefined;
}
