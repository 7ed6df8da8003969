/**
 * A rule of an action that cannot be compiled, or a template that cannot be rendered. `problem` completes the sentence that begins with
 * "the condition", "the template" or "the path"; it is for the builder.
 */
export class RuleError extends Error {
  readonly rule: 'condition' | 'template' | 'path';
  readonly problem: string;

  constructor(rule: RuleError['rule'], problem: string, options?: ErrorOptions) {
    super(`the ${rule} ${problem}`, options);
    this.name = 'RuleError';
    this.rule = rule;
    this.problem = problem;
  }
}
