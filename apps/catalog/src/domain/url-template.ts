import type { HttpRequestTemplate } from '@patchbay/contracts/action';
import type { FieldProblem } from '@patchbay/contracts/errors';
import type { Parameters } from './parameters.ts';
import type { RunnerRules, UrlParts } from './runner-rules.ts';

/** Types whose values have one obvious spelling in a path. */
const PATH_TYPES = ['string', 'number', 'integer'];
const METHODS_WITH_QUERY = ['GET', 'DELETE'];

/** What is wrong with a tool's URL; empty when every call's arguments find their place in it. */
export function urlProblems({ method, url, places }: HttpRequestTemplate, parameters: Parameters, rules: RunnerRules): FieldProblem[] {
  const template = rules.readUrl(url);
  if (typeof template === 'string') return [{ path: 'http.url', problem: template }];
  const unusable = [...template.placeholders].flatMap((name) => placeholderProblems(name, parameters));
  const inQuery = parameters.names.filter((name) => !template.placeholders.has(name) && goesToQuery(name, { method, places }));
  return [...unusable, ...queryProblems(template, inQuery)];
}

function goesToQuery(name: string, { method, places }: Pick<HttpRequestTemplate, 'method' | 'places'>): boolean {
  // A name of its own is checked where it is written: at `http.places`.
  return METHODS_WITH_QUERY.includes(method) && !Object.hasOwn(places ?? {}, name);
}

function placeholderProblems(name: string, parameters: Parameters): FieldProblem[] {
  if (!parameters.has(name)) return [{ path: 'http.url', problem: `has {${name}}, which is not among the parameters` }];
  if (!parameters.isRequired(name)) return [{ path: 'http.url', problem: `has {${name}}, which must be a required parameter` }];
  if (parameters.isOf(name, PATH_TYPES)) return [];
  return [
    {
      path: `parameters.properties.${name}.type`,
      problem: 'must be string, number or integer: the parameter stands in the path',
    },
  ];
}

/** The model must not choose between its value and the one the URL already has. */
function queryProblems({ fixedQueryNames }: UrlParts, names: string[]): FieldProblem[] {
  const twice = names.filter((name) => fixedQueryNames.has(name));
  return twice.map((name) => ({
    path: `parameters.properties.${name}`,
    problem: 'is already fixed in the query of http.url',
  }));
}
