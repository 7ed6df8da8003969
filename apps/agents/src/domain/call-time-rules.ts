import type { FieldProblem } from '@patchbay/contracts/errors';

/** What decides at call time, asked when a version is deployed. */
export interface CallTimeRules {
  /** Why a read-back cannot be made of this template for a function with these parameters, in words; undefined when it can. */
  readBackProblem(template: string, parameters: readonly string[]): string | undefined;
  /** Why arguments cannot be checked with a tool's schema, in words; undefined when they can. */
  schemaProblem(schema: Record<string, unknown>): string | undefined;
  /** Which of the values a tool's schema refuses; paths begin with the name of the parameter. */
  valueProblems(schema: Record<string, unknown>, values: Record<string, unknown>): FieldProblem[];
}
