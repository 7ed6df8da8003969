import { Injectable } from '@nestjs/common';
import { compileSchema } from '@patchbay/arguments/compile-schema';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { compileTemplate } from '@patchbay/egress/compile-template';
import { RuleError } from '@patchbay/egress/rule-error';
import { namesInTemplate, type UsedName } from '@patchbay/egress/template-names';
import type { CallTimeRules } from '../domain/call-time-rules.ts';

/** The rules of a call from what a call uses: the template engine, and the check of arguments. */
@Injectable()
export class RulesOfCalls implements CallTimeRules {
  readBackProblem(template: string, parameters: readonly string[]): string | undefined {
    try {
      compileTemplate(template);
    } catch (error) {
      if (error instanceof RuleError) return error.problem;
      throw error;
    }
    return namesInTemplate(template)
      .map((used) => unknownName(used, parameters))
      .find((problem) => problem !== undefined);
  }

  schemaProblem(schema: Record<string, unknown>): string | undefined {
    try {
      compileSchema(schema);
      return undefined;
    } catch (error) {
      // Whatever keeps it from being compiled is in the tool.
      return (error as Error).message;
    }
  }

  valueProblems(schema: Record<string, unknown>, values: Record<string, unknown>): FieldProblem[] {
    if (Object.keys(values).length === 0) return [];
    // Of the whole schema only what it says of each parameter: the others come from the model.
    const { properties, $defs, definitions } = schema;
    return compileSchema({ type: 'object', ...present({ properties, $defs, definitions }) })(values);
  }
}

function unknownName({ root, field }: UsedName, parameters: readonly string[]): string | undefined {
  if (root !== 'arguments') return `uses ${root}; there is only arguments`;
  // A name that is itself computed is known when it is rendered.
  if (field === undefined || parameters.includes(field)) return undefined;
  return `uses arguments.${field}, which is not a parameter of the function`;
}

/** A keyword must have a value, or not be there. */
function present(keywords: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined));
}
