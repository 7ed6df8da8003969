import { Injectable } from '@nestjs/common';
import { compileSchema } from '@patchbay/arguments/compile-schema';
import type { HttpRequestTemplate, ResponseRules } from '@patchbay/contracts/action';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { compileCondition } from '@patchbay/egress/compile-condition';
import { compileTemplate } from '@patchbay/egress/compile-template';
import { argumentHeaderProblem, fixedHeaderProblem } from '@patchbay/egress/header-rules';
import { PlacementError } from '@patchbay/egress/placement-error';
import { readRequestPlan } from '@patchbay/egress/request-plan';
import { RuleError } from '@patchbay/egress/rule-error';
import { compileResponse } from '@patchbay/egress/shape-response';
import { namesInTemplate, type UsedName } from '@patchbay/egress/template-names';
import { readUrlTemplate } from '@patchbay/egress/url-template';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { RunnerRules, UrlParts } from '../domain/runner-rules.ts';

/** The rules of a call from what a call uses: the check of arguments, and what egress makes of requests, answers, conditions and templates. */
@Injectable()
export class CallTimeRules implements RunnerRules {
  schemaProblems(schema: Record<string, unknown>, path: string): FieldProblem[] {
    // A new instance each time: it remembers what it compiled.
    const ajv = new Ajv2020({ strict: false, strictTypes: false, logger: false });
    addFormats.default(ajv);
    if (!ajv.validateSchema(schema)) return draftProblems(ajv.errors ?? [], path);
    try {
      ajv.compile(schema);
      return [];
    } catch (error) {
      // Whatever ajv cannot compile is the author's to mend: an unknown reference, an invalid pattern.
      return [{ path, problem: `does not compile: ${(error as Error).message}` }];
    }
  }

  argumentsProblem(schema: Record<string, unknown>): string | undefined {
    try {
      compileSchema(schema);
      return undefined;
    } catch (error) {
      // Whatever keeps it from being compiled is the author's to mend.
      return (error as Error).message;
    }
  }

  readUrl(url: string): UrlParts | string {
    try {
      return readUrlTemplate(url);
    } catch (error) {
      if (error instanceof PlacementError) return error.problem;
      throw error;
    }
  }

  fixedHeaderProblem(name: string, value: string): string | null {
    return fixedHeaderProblem(name, value);
  }

  argumentHeaderProblem(name: string): string | null {
    return argumentHeaderProblem(name);
  }

  requestProblem(http: HttpRequestTemplate): FieldProblem | undefined {
    try {
      readRequestPlan(http);
      return undefined;
    } catch (error) {
      if (error instanceof PlacementError) return { path: error.argument, problem: error.problem };
      throw error;
    }
  }

  responseProblem(response: ResponseRules): string | undefined {
    return ruleProblem(() => compileResponse(response));
  }

  conditionProblem(condition: string): string | undefined {
    return ruleProblem(() => compileCondition(condition));
  }

  templateProblem(template: string, names: readonly string[], parameters: readonly string[]): string | undefined {
    const problem = ruleProblem(() => compileTemplate(template));
    if (problem !== undefined) return problem;
    return namesInTemplate(template)
      .map((used) => unknownName(used, { names, parameters }))
      .find((one) => one !== undefined);
  }
}

/** Why a rule does not compile, in words. */
function ruleProblem(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof RuleError) return error.problem;
    throw error;
  }
}

function unknownName({ root, field }: UsedName, known: { names: readonly string[]; parameters: readonly string[] }): string | undefined {
  if (!known.names.includes(root)) return `uses ${root}; there is only ${known.names.join(' and ')}`;
  // A name that is itself computed is known when it is rendered.
  if (root !== 'arguments' || field === undefined || known.parameters.includes(field)) return undefined;
  return `uses arguments.${field}, which is not among the parameters`;
}

/** One problem for each place: the first that ajv reports is the plainest, those after it are about the alternatives. */
function draftProblems(errors: ErrorObject[], path: string): FieldProblem[] {
  const problems = errors.map(({ instancePath, message }) => ({
    path: `${path}${instancePath.replaceAll('/', '.')}`,
    problem: message ?? 'is not valid in a JSON Schema',
  }));
  return problems.filter(({ path: at }, index) => problems.findIndex((other) => other.path === at) === index);
}
