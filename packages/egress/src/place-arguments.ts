import type { HttpRequestTemplate } from '@patchbay/contracts/action';
import { argumentJson, repeatedTexts, scalarText } from './argument-text.ts';
import { argumentValueProblem } from './header-rules.ts';
import { placeSegment } from './path-value.ts';
import { PlacementError } from './placement-error.ts';
import { FIXED_BY_URL, type RequestPlan, readRequestPlan } from './request-plan.ts';
import type { UrlTemplate } from './url-template.ts';

export type HttpMethod = HttpRequestTemplate['method'];

export interface PlacedRequest {
  method: HttpMethod;
  url: string;
  /** JSON or an urlencoded form; POST, PUT and PATCH, or a DELETE with an argument placed in its body. */
  body?: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** What must not come back in an answer: set by whoever adds the connection's headers. */
  secrets?: readonly string[];
}

/** What an `envelope` says beside the arguments. */
export interface EnvelopeContext {
  tool: string;
  organizationId: string;
  agentId: string;
  sessionId: string;
  /** As the phone network gave it; `null` when it gave none. */
  callerNumber: string | null;
  /** ISO 8601 in UTC. */
  timestamp: string;
}

/**
 * Makes a request of a template and the arguments a model gave.
 *
 * Arguments named by a `{placeholder}` go into the path (string, number or boolean). The others go where `places` says, under the name it
 * gives, else into the query (GET, DELETE) or the body (POST, PUT, PATCH). Query and form take scalars as text, arrays of scalars as
 * repeated names, everything else as JSON, `null` not at all; a header takes scalars of visible ASCII, `null` not at all; in JSON and in an
 * envelope `null` stays `null`. `undefined` counts as absent everywhere.
 *
 * `context` is needed by the body `envelope` and by nothing else.
 * Throws PlacementError when an argument is missing or would change where the request goes or what it is.
 */
export function placeArguments(
  template: HttpRequestTemplate,
  args: Record<string, unknown>,
  context?: EnvelopeContext,
): PlacedRequest {
  const plan = readRequestPlan(template);
  const { method, url, places, defaultPlace } = plan;
  const free = Object.keys(args).filter((name) => !url.placeholders.has(name) && args[name] !== undefined);
  const inPlace = (place: 'query' | 'header' | 'body'): string[] =>
    places === null
      ? place === defaultPlace
        ? free
        : []
      : free.filter((name) => (places.get(name)?.in ?? defaultPlace) === place);

  const path = url.segments.map((parts) => `/${placeSegment(parts, args)}`).join('');
  const inQuery = inPlace('query');
  const query = inQuery.length === 0 ? url.query : placeQuery(plan, inQuery, args);
  const placed = new URL(url.origin + path + (query === '' ? '' : `?${query}`));
  assertSamePlace(placed, url);
  const headers = places === null ? { ...plan.headers } : placeHeaders(plan, inPlace('header'), args);
  if (!plan.hasBody) return { method, url: placed.href, headers };
  return { method, url: placed.href, body: placeBody(plan, inPlace('body'), args, context), headers };
}

function placeQuery({ url, places }: RequestPlan, names: string[], args: Record<string, unknown>): string {
  const added = new URLSearchParams();
  for (const name of names) {
    const value = args[name];
    if (value === null) continue;
    const target = places?.get(name)?.name ?? name;
    if (url.fixedQueryNames.has(target)) throw new PlacementError(name, FIXED_BY_URL);
    if (places !== null && added.has(target))
      throw new PlacementError(name, 'has the name of another argument in the query');
    for (const text of repeatedTexts(name, value)) added.append(target, text);
  }
  return [url.query, added.toString()].filter((part) => part !== '').join('&');
}

function placeHeaders(plan: RequestPlan, names: string[], args: Record<string, unknown>): Record<string, string> {
  const headers = { ...plan.headers };
  for (const name of names) {
    const value = args[name];
    const place = plan.places?.get(name);
    if (value === null || place === undefined) continue;
    const text = scalarText(name, value);
    if (text === undefined) throw new PlacementError(name, 'must be a string, a number or a boolean to be a header');
    const problem = argumentValueProblem(text);
    if (problem !== null) throw new PlacementError(name, problem);
    headers[place.name] = text;
  }
  return headers;
}

function placeBody(
  plan: RequestPlan,
  names: string[],
  args: Record<string, unknown>,
  context?: EnvelopeContext,
): string {
  const { body, places } = plan;
  // Without a prototype, an argument called __proto__ is an argument like any other.
  const fields: Record<string, unknown> = Object.create(null);
  for (const name of names) {
    const target = places?.get(name)?.name ?? name;
    if (places !== null && target in fields)
      throw new PlacementError(name, 'has the name of another argument in the body');
    fields[target] = args[name];
  }
  if (body === 'json') return argumentJson('arguments', fields);
  if (body === 'form') return formOf(fields);
  if (context === undefined) throw new TypeError('the body is an envelope, and its context was not given');
  return argumentJson('arguments', { ...context, arguments: fields });
}

function formOf(fields: Record<string, unknown>): string {
  const form = new URLSearchParams();
  for (const name of Object.keys(fields)) {
    if (fields[name] === null) continue;
    for (const text of repeatedTexts(name, fields[name])) form.append(name, text);
  }
  return form.toString();
}

/** The last line of defence: whatever was overlooked above, the request goes where the template says or nowhere. */
function assertSamePlace(placed: URL, template: UrlTemplate): void {
  const segments = placed.pathname.split('/').slice(1);
  const same =
    placed.origin === template.origin &&
    placed.username === '' &&
    placed.password === '' &&
    placed.hash === '' &&
    segments.length === template.segments.length &&
    template.fixedSegments.every((fixed, at) => fixed === undefined || fixed === segments[at]);
  if (!same) throw new PlacementError('arguments', 'would change where the request goes');
}
