import type { ArgumentPlace, HttpRequestTemplate } from '@patchbay/contracts/action';
import { argumentHeaderProblem, fixedHeaderProblem } from './header-rules.ts';
import { PlacementError } from './placement-error.ts';
import { type UrlTemplate, readUrlTemplate } from './url-template.ts';

/** Where one argument goes, its name there written out. */
export interface PlannedPlace {
  in: ArgumentPlace['in'];
  name: string;
}

/** A request template, checked and taken apart once. */
export interface RequestPlan {
  method: HttpRequestTemplate['method'];
  url: UrlTemplate;
  /** Where arguments go that nobody placed. */
  defaultPlace: 'query' | 'body';
  body: 'json' | 'form' | 'envelope';
  /** Whether a body is sent; it may be an empty object. */
  hasBody: boolean;
  /** `null` when no argument has a place of its own. */
  places: Map<string, PlannedPlace> | null;
  /** The fixed headers and the content type, names in lower case. */
  headers: Record<string, string>;
}

const CONTENT_TYPES = {
  json: 'application/json',
  envelope: 'application/json',
  form: 'application/x-www-form-urlencoded',
};

// A template lives as long as the deployed function it belongs to.
const known = new WeakMap<HttpRequestTemplate, RequestPlan>();

/**
 * Reads a template, from memory if this object was read before. Throws PlacementError when it cannot be sent: a URL with a placeholder
 * outside its path, a body in a GET, a header that is not a template's to set, two arguments in one header.
 */
export function readRequestPlan(template: HttpRequestTemplate): RequestPlan {
  const found = known.get(template);
  if (found !== undefined) return found;
  const plan = planRequest(template);
  known.set(template, plan);
  return plan;
}

function planRequest(template: HttpRequestTemplate): RequestPlan {
  const { method, body = 'json' } = template;
  const url = readUrlTemplate(template.url);
  const writes = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const places = planPlaces(template, url);
  const placesBody = places !== null && [...places.values()].some((place) => place.in === 'body');
  if (method === 'GET' && placesBody)
    throw new PlacementError('places', 'has an argument in the body, which a GET has not');
  if (!writes && !placesBody && template.body !== undefined && body !== 'json')
    throw new PlacementError('body', `is ${body}, and a ${method} has no body`);
  const hasBody = writes || placesBody;
  const headers = planHeaders(template.headers, hasBody ? CONTENT_TYPES[body] : undefined);
  refuseSharedHeaders(places, headers);
  return { method, url, defaultPlace: writes ? 'body' : 'query', body, hasBody, places, headers };
}

function planPlaces({ places = {} }: HttpRequestTemplate, url: UrlTemplate): Map<string, PlannedPlace> | null {
  const planned = new Map<string, PlannedPlace>();
  for (const [argument, place] of Object.entries(places)) {
    if (url.placeholders.has(argument)) throw new PlacementError(argument, 'is in the path already');
    const name = place.in === 'header' ? (place.name ?? argument).toLowerCase() : (place.name ?? argument);
    const problem = place.in === 'header' ? argumentHeaderProblem(name) : null;
    if (problem !== null) throw new PlacementError(argument, problem);
    if (place.in === 'query' && url.fixedQueryNames.has(name)) throw new PlacementError(argument, FIXED_BY_URL);
    planned.set(argument, { in: place.in, name });
  }
  return planned.size === 0 ? null : planned;
}

/** A second value beside the template's own would let the model choose between the two. */
export const FIXED_BY_URL = 'is fixed by the url and cannot be an argument';

function planHeaders(fixed: Record<string, string> = {}, contentType: string | undefined): Record<string, string> {
  const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
  const seen = new Set<string>();
  for (const [written, value] of Object.entries(fixed)) {
    const name = written.toLowerCase();
    const problem = seen.has(name) ? 'is given twice' : fixedHeaderProblem(name, value);
    if (problem !== null) throw new PlacementError(`headers.${written}`, problem);
    seen.add(name);
    headers[name] = value;
  }
  return headers;
}

function refuseSharedHeaders(places: Map<string, PlannedPlace> | null, fixed: Record<string, string>): void {
  const taken = new Set(Object.keys(fixed));
  for (const [argument, { in: place, name }] of places ?? []) {
    if (place !== 'header') continue;
    if (taken.has(name))
      throw new PlacementError(argument, `is placed in the header ${name}, which has a value already`);
    taken.add(name);
  }
}
