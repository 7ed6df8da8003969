import type { FieldProblem } from '@patchbay/contracts/errors';
import type { RunnerRules } from './runner-rules.ts';

/** Every session carries the schema to a model, and every runner compiles it: both pay for its size. */
const SCHEMA_MAX_BYTES = 64 * 1024;
const SCHEMA_MAX_DEPTH = 32;
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

type Schema = Record<string, unknown>;

/** What is wrong with a tool's `parameters`; empty when a runner can check arguments with them. */
export function parametersProblems(parameters: Schema, rules: RunnerRules): FieldProblem[] {
  const size = sizeProblems(parameters, 'parameters');
  if (size.length > 0) return size;
  if (parameters['type'] !== 'object') return [{ path: 'parameters.type', problem: 'must be "object"' }];
  const content = contentProblems(parameters, 'parameters', rules);
  if (content.length > 0) return content;
  const problem = rules.argumentsProblem(parameters);
  return problem === undefined ? [] : [{ path: 'parameters', problem }];
}

/** What is wrong with any schema of a tool; `path` is where it stands. */
export function schemaProblems(schema: Schema, path: string, rules: RunnerRules): FieldProblem[] {
  const size = sizeProblems(schema, path);
  return size.length > 0 ? size : contentProblems(schema, path, rules);
}

function contentProblems(schema: Schema, path: string, rules: RunnerRules): FieldProblem[] {
  const keywords = keywordProblems(schema, path);
  return keywords.length > 0 ? keywords : rules.schemaProblems(schema, path);
}

function sizeProblems(schema: Schema, path: string): FieldProblem[] {
  // Depth first: the checks after it recurse.
  if (isDeeper(schema, SCHEMA_MAX_DEPTH)) return [{ path, problem: `is nested deeper than ${SCHEMA_MAX_DEPTH} levels` }];
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > SCHEMA_MAX_BYTES) return [{ path, problem: `has ${bytes} bytes; ${SCHEMA_MAX_BYTES} are allowed` }];
  return [];
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** Keywords whose value is data: what looks like a keyword in there is none. */
const DATA_KEYWORDS = new Set(['const', 'default', 'enum', 'examples']);
/** Keywords whose value maps names of the author's choice to schemas. */
const NAME_KEYWORDS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

function keywordProblems(schema: unknown, path: string): FieldProblem[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const at = `${path}.${keyword}`;
    if (DATA_KEYWORDS.has(keyword)) return [];
    if (NAME_KEYWORDS.has(keyword))
      return Object.entries(value ?? {}).flatMap(([name, inner]) => keywordProblems(inner, `${at}.${name}`));
    return [...refusedKeyword(keyword, value, at), ...keywordProblems(value, at)];
  });
}

function refusedKeyword(keyword: string, value: unknown, path: string): FieldProblem[] {
  if ((keyword === '$ref' || keyword === '$dynamicRef') && !String(value).startsWith('#')) {
    return [{ path, problem: 'must point inside this schema, like #/$defs/address' }];
  }
  // Schemas of many organizations are compiled in one process: names they give themselves could meet.
  if (keyword === '$id') return [{ path, problem: 'is not supported: the parameters of a tool stand alone' }];
  // ajv would compile an asynchronous check, whose promise counts as "valid" where a boolean is read.
  if (keyword === '$async') return [{ path, problem: 'is not supported' }];
  if (keyword === '$schema' && String(value).replace(/#$/, '') !== DRAFT)
    return [{ path, problem: `must be ${DRAFT} or absent` }];
  return [];
}
