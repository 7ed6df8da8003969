import type { HttpRequestTemplate } from '@patchbay/contracts/catalog';
import type { FieldProblem } from '@patchbay/contracts/errors';
import type { RunnerRules, UrlParts } from './runner-rules.ts';

/** Types whose values have one obvious spelling in a path. */
const PATH_TYPES: unknown[] = ['string', 'number', 'integer'];
const METHODS_WITH_QUERY = ['GET', 'DELETE'];

/** What is wrong with a tool's URL; empty when every call's arguments find their place in it. */
export function urlProblems(
  { method, url }: HttpRequestTemplate,
  parameters: Record<string, unknown>,
  rules: RunnerRules,
): FieldProblem[] {
  const template = rules.readUrl(url);
  if (typeof template === 'string') return [{ path: 'http.url', problem: template }];
  const properties = (parameters['properties'] ?? {}) as Record<string, unknown>;
  const required = Array.isArray(parameters['required']) ? (parameters['required'] as unknown[]) : [];
  const unusable = [...template.placeholders].flatMap((name) => placeholderProblems(name, properties, required));
  return METHODS_WITH_QUERY.includes(method) ? [...unusable, ...queryProblems(template, properties)] : unusable;
}

function placeholderProblems(name: string, properties: Record<string, unknown>, required: unknown[]): FieldProblem[] {
  if (!Object.hasOwn(properties, name))
    return [{ path: 'http.url', problem: `has {${name}}, which is not among the parameters` }];
  if (!required.includes(name))
    return [{ path: 'http.url', problem: `has {${name}}, which must be a required parameter` }];
  const { type } = (properties[name] ?? {}) as { type?: unknown };
  const types = Array.isArray(type) ? type : [type];
  if (types.length > 0 && types.every((one) => PATH_TYPES.includes(one))) return [];
  return [
    {
      path: `parameters.properties.${name}.type`,
      problem: 'must be string, number or integer: the parameter stands in the path',
    },
  ];
}

/** The model must not choose between its value and the one the URL already has. */
function queryProblems({ fixedQueryNames }: UrlParts, properties: Record<string, unknown>): FieldProblem[] {
  const twice = Object.keys(properties).filter((name) => fixedQueryNames.has(name));
  return twice.map((name) => ({
    path: `parameters.properties.${name}`,
    problem: 'is already fixed in the query of http.url',
  }));
}
