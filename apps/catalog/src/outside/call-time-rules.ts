import { Injectable } from '@nestjs/common';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { PlacementError } from '@patchbay/egress/placement-error';
import { readUrlTemplate } from '@patchbay/egress/url-template';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { RunnerRules, UrlParts } from '../domain/runner-rules.ts';

/** The rules of a call from what a call uses: ajv, and the function of egress that fills a URL in. */
@Injectable()
export class CallTimeRules implements RunnerRules {
  schemaProblems(parameters: Record<string, unknown>): FieldProblem[] {
    // A new instance each time: it remembers what it compiled.
    const ajv = new Ajv2020({ strict: false, strictTypes: false, logger: false });
    addFormats.default(ajv);
    if (!ajv.validateSchema(parameters)) return draftProblems(ajv.errors ?? []);
    try {
      ajv.compile(parameters);
      return [];
    } catch (error) {
      // Whatever ajv cannot compile is the author's to mend: an unknown reference, an invalid pattern.
      return [{ path: 'parameters', problem: `does not compile: ${(error as Error).message}` }];
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
}

/** One problem for each place: the first that ajv reports is the plainest, those after it are about the alternatives. */
function draftProblems(errors: ErrorObject[]): FieldProblem[] {
  const problems = errors.map(({ instancePath, message }) => ({
    path: `parameters${instancePath.replaceAll('/', '.')}`,
    problem: message ?? 'is not valid in a JSON Schema',
  }));
  return problems.filter(({ path }, at) => problems.findIndex((other) => other.path === path) === at);
}
