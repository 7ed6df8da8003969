import type { FieldProblem } from '@patchbay/contracts/errors';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false });
addFormats.default(ajv);

/** Compiles a JSON Schema into a check that names every wrong argument. Throws when the schema itself is broken. */
export function compileSchema(schema: Record<string, unknown>): (args: Record<string, unknown>) => FieldProblem[] {
  const validate = ajv.compile(schema);
  return (args) => (validate(args) ? [] : (validate.errors ?? []).map(toProblem));
}

function toProblem({ instancePath, keyword, params, message }: ErrorObject): FieldProblem {
  const at = instancePath.split('/').slice(1).map(unescapePointer);
  if (keyword === 'required') return { path: [...at, params['missingProperty']].join('.'), problem: 'is missing' };
  if (keyword === 'additionalProperties') {
    return { path: [...at, params['additionalProperty']].join('.'), problem: 'is not a parameter of this function' };
  }
  if (keyword === 'enum') {
    return { path: at.join('.'), problem: `must be one of: ${(params['allowedValues'] as unknown[]).join(', ')}` };
  }
  return { path: at.join('.'), problem: message ?? 'is wrong' };
}

function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
