import type { FieldProblem } from '@patchbay/contracts/errors';
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import { linearPattern } from './linear-pattern.ts';
import { requireCheap } from './schema-cost.ts';
import { knownFormats } from './value-formats.ts';

/** As many as a model can put right in one go. */
const MAX_PROBLEMS = 20;

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  coerceTypes: false,
  // A parameter called `constructor` is missing unless it was given.
  ownProperties: true,
  logger: false,
  formats: knownFormats(),
  code: { regExp: linearPattern },
};

const schemaOfSchemas = new Ajv2020(OPTIONS);
// It takes a tenth of a second to compile: not during the first call.
schemaOfSchemas.validateSchema({});

/**
 * Compiles a JSON Schema (2020-12) into a check that names every wrong argument, at most twenty; paths in dots. Throws an Error that says why when
 * the schema itself cannot be used: it is none, refers to what is not there, has a pattern that RE2 has not, or makes values too dear to check.
 */
export function compileSchema({ $schema: _dialect, ...schema }: Record<string, unknown>): (args: Record<string, unknown>) => FieldProblem[] {
  const validate = compiled(schema);
  return (args) => {
    try {
      return validate(args) ? [] : (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(toProblem);
    } catch (error) {
      // The stack ended: arguments are bounded in depth, so it is the schema.
      if (error instanceof RangeError) return [{ path: '', problem: 'the schema refers to itself without end' }];
      throw error;
    }
  };
}

/** An instance of ajv for each schema: one keeps all it ever saw, and finds the `$id` of one tenant's schema from another's. */
function compiled(schema: Record<string, unknown>): ValidateFunction {
  try {
    requireCheap(schema);
    schemaOfSchemas.validateSchema(schema, true);
    return new Ajv2020({ ...OPTIONS, meta: false, validateSchema: false }).compile(schema);
  } catch (error) {
    throw new Error(`cannot be used as a JSON Schema: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
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
