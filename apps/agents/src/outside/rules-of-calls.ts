import { Injectable } from '@nestjs/common';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { compileTemplate } from '@patchbay/egress/compile-template';
import { RuleError } from '@patchbay/egress/rule-error';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Liquid } from 'liquidjs';
import type { CallTimeRules } from '../domain/call-time-rules.ts';

/** The rules of a call from what a call uses: the template engine, and ajv. */
@Injectable()
export class RulesOfCalls implements CallTimeRules {
  /** Only reads which names a template uses; whether it can be rendered is for egress to say. */
  readonly #liquid = new Liquid();

  readBackProblem(template: string, parameters: readonly string[]): string | undefined {
    try {
      compileTemplate(template);
    } catch (error) {
      if (error instanceof RuleError) return error.problem;
      throw error;
    }
    const used = this.#liquid.globalVariableSegmentsSync(this.#liquid.parse(template));
    return used.map(([root, name]) => unknownName(root, name, parameters)).find((problem) => problem !== undefined);
  }

  valueProblems(schema: Record<string, unknown>, values: Record<string, unknown>): FieldProblem[] {
    if (Object.keys(values).length === 0) return [];
    const ajv = new Ajv2020({ strict: false, strictTypes: false, allErrors: true, logger: false });
    addFormats.default(ajv);
    // Of the whole schema only what it says of each parameter: the others come from the model.
    const { properties, $defs, definitions } = schema;
    const check = ajv.compile({ type: 'object', properties, $defs, definitions });
    return check(values) ? [] : (check.errors ?? []).map(valueProblem);
  }
}

function unknownName(root: unknown, name: unknown, parameters: readonly string[]): string | undefined {
  if (root !== 'arguments') return `uses ${String(root)}; there is only arguments`;
  // A name that is itself computed is known when it is rendered.
  if (typeof name !== 'string' || parameters.includes(name)) return undefined;
  return `uses arguments.${name}, which is not a parameter of the function`;
}

function valueProblem({ instancePath, message }: ErrorObject): FieldProblem {
  return { path: instancePath.slice(1).replaceAll('/', '.'), problem: message ?? 'is not valid' };
}
