import type { ArgumentPlace, HttpRequestTemplate } from '@patchbay/contracts/action';
import type { FieldProblem } from '@patchbay/contracts/errors';
import type { RunnerRules, UrlParts } from './runner-rules.ts';

/** Names that only ever hold a secret, beside those that egress refuses in every template. */
export const SECRET_HEADERS = new Set(['x-api-key', 'api-key', 'apikey', 'x-auth-token', 'x-access-token']);
const HEADER_TYPES = ['string', 'number', 'integer', 'boolean', 'null'];
const NO_PARTS: UrlParts = { placeholders: new Set(), fixedQueryNames: new Set() };

/** The arguments that a request may be made with. */
export interface KnownArguments {
  has(name: string): boolean;
  /** Those that go into it without being placed. */
  names: readonly string[];
  isOf(name: string, types: readonly string[]): boolean;
}

/** What is wrong with a request beside its URL: its fixed headers, and where arguments are put. `path` is where the request stands. */
export function requestProblems(http: HttpRequestTemplate, known: KnownArguments, path: string, rules: RunnerRules): FieldProblem[] {
  const problems = [...headerProblems(http, path, rules), ...placesProblems(http, known, path, rules)];
  if (problems.length > 0 || typeof rules.readUrl(http.url) === 'string') return problems;
  // Whatever else keeps every request from being made.
  const other = rules.requestProblem(http);
  return other ? [{ path: `${path}.${other.path}`, problem: other.problem }] : [];
}

function headerProblems({ headers = {} }: HttpRequestTemplate, path: string, rules: RunnerRules): FieldProblem[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const key = name.toLowerCase();
    const problem = SECRET_HEADERS.has(key) ? 'holds a secret, which belongs in a connection' : rules.fixedHeaderProblem(key, value);
    return problem === null ? [] : [{ path: `${path}.headers.${name}`, problem }];
  });
}

interface Target {
  argument: string;
  in: ArgumentPlace['in'];
  name: string;
}

function placesProblems(http: HttpRequestTemplate, known: KnownArguments, path: string, rules: RunnerRules): FieldProblem[] {
  const read = rules.readUrl(http.url);
  // What is wrong with the URL is said where it is checked; without its parts the places themselves still can be.
  const url = typeof read === 'string' ? NO_PARTS : read;
  const placed = Object.entries(http.places ?? {}).map(([argument, place]) => targetOf(argument, place));
  const unplaced = known.names
    .filter((name) => !url.placeholders.has(name) && !Object.hasOwn(http.places ?? {}, name))
    .map((argument): Target => ({ argument, in: defaultPlace(http), name: argument }));
  return placed.flatMap((target, at) => {
    const where = `${path}.places.${target.argument}`;
    const taken = [...unplaced, ...placed.slice(0, at)].find((other) => other.in === target.in && other.name === target.name);
    return [
      ...(known.has(target.argument) ? [] : [{ path: where, problem: 'is not among the parameters' }]),
      ...(url.placeholders.has(target.argument) ? [{ path: where, problem: `stands in the path of ${path}.url already` }] : []),
      ...(taken ? [{ path: where, problem: `goes where ${taken.argument} goes` }] : []),
      ...targetProblems(target, http, url, where, rules),
      ...typeProblems(target, known),
    ];
  });
}

/** Header names are the same in every case. */
function targetOf(argument: string, place: ArgumentPlace): Target {
  const name = place.name ?? argument;
  return { argument, in: place.in, name: place.in === 'header' ? name.toLowerCase() : name };
}

function defaultPlace({ method }: HttpRequestTemplate): 'query' | 'body' {
  return method === 'GET' || method === 'DELETE' ? 'query' : 'body';
}

function targetProblems(target: Target, http: HttpRequestTemplate, url: UrlParts, path: string, rules: RunnerRules): FieldProblem[] {
  if (target.in === 'query') {
    return url.fixedQueryNames.has(target.name) ? [{ path, problem: `is already fixed in the query of the URL as ${target.name}` }] : [];
  }
  if (target.in === 'body') return http.method === 'GET' ? [{ path, problem: 'cannot be in the body: GET has none' }] : [];
  const isFixed = Object.keys(http.headers ?? {}).some((name) => name.toLowerCase() === target.name);
  const problem = isFixed ? `is already fixed as the header ${target.name}` : rules.argumentHeaderProblem(target.name);
  return problem === null ? [] : [{ path, problem }];
}

function typeProblems(target: Target, known: KnownArguments): FieldProblem[] {
  if (target.in !== 'header' || !known.has(target.argument) || known.isOf(target.argument, HEADER_TYPES)) return [];
  const path = `parameters.properties.${target.argument}.type`;
  return [{ path, problem: 'must be string, number, integer or boolean: the parameter stands in a header' }];
}
