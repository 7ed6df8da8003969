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
  /** What keeps arguments from being checked with these parameters; empty when they can be. */
  schemaProblems(parameters: Record<string, unknown>): FieldProblem[];
  /** The parts of a URL, or in words why no request can be made of it. */
  readUrl(url: string): UrlParts | string;
}
