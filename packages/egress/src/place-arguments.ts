import { PlacementError } from './placement-error.ts';
import { type UrlTemplate, fillSegment, readUrlTemplate } from './url-template.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface PlacedRequest {
  method: HttpMethod;
  url: string;
  /** JSON; POST, PUT and PATCH only. */
  body?: string;
  headers: Record<string, string>;
}

/**
 * Makes a request of a template and the arguments a model gave. `url` is an http(s) URL whose path may have `{name}` placeholders.
 *
 * Arguments named by a placeholder go into the path (string, number or boolean). The others go, for GET and DELETE, into the query:
 * scalars as text, arrays of scalars as repeated names, everything else as JSON, `null` not at all; for POST, PUT and PATCH into a JSON
 * object as the body, where `null` stays `null`. `undefined` counts as absent everywhere. No argument ever becomes a header.
 *
 * Throws PlacementError when an argument is missing or would change where the request goes.
 */
export function placeArguments(
  { method, url }: { method: HttpMethod; url: string },
  args: Record<string, unknown>,
): PlacedRequest {
  const template = readUrlTemplate(url);
  const path = template.segments.map((parts) => `/${placeSegment(parts, args)}`).join('');
  const names = Object.keys(args).filter((name) => !template.placeholders.has(name) && args[name] !== undefined);
  const inBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const query = inBody ? template.query : placeQuery(template, names, args);
  const placed = new URL(template.origin + path + (query === '' ? '' : `?${query}`));
  assertSamePlace(placed, template);
  if (!inBody) return { method, url: placed.href, headers: {} };
  return { method, url: placed.href, body: placeBody(names, args), headers: { 'content-type': 'application/json' } };
}

function placeSegment(parts: UrlTemplate['segments'][number], args: Record<string, unknown>): string {
  const segment = fillSegment(parts, (name) => encodeURIComponent(readPathValue(name, args)));
  const first = parts.find((part) => 'argument' in part);
  // Two harmless arguments side by side can still spell "..".
  if (first !== undefined && DOT_SEGMENT.test(decodeFully(segment)))
    throw new PlacementError(first.argument, 'makes a "." or ".." of its path segment');
  return segment;
}

// Some servers drop what follows a semicolon, or trailing white space, before they resolve dots.
const DOT_SEGMENT = /^\.{1,2}\s*(;|$)/;
const ASCII_ESCAPE = /%[0-7][0-9a-f]/i;
const ASCII_ESCAPES = /%([0-7][0-9a-f])/gi;
const SEPARATOR = /[/\\]/;
const CONTROL = /\p{Cc}/u;
// Longer is no identifier; and decoding again and again stays cheap.
const MAX_PATH_VALUE_CHARACTERS = 1_024;

function readPathValue(name: string, args: Record<string, unknown>): string {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (value === undefined || value === null) throw new PlacementError(name, 'is missing, and the path needs it');
  const text = scalarText(name, value);
  if (text === undefined)
    throw new PlacementError(name, 'must be a string, a number or a boolean to be part of the path');
  if (text === '') throw new PlacementError(name, 'is empty, and the path needs it');
  if (text.length > MAX_PATH_VALUE_CHARACTERS)
    throw new PlacementError(name, `is longer than ${MAX_PATH_VALUE_CHARACTERS} characters`);
  if (!text.isWellFormed()) throw new PlacementError(name, 'is not valid Unicode');
  const decoded = decodeFully(text);
  if (CONTROL.test(decoded)) throw new PlacementError(name, 'has a control character');
  if (SEPARATOR.test(decoded))
    throw new PlacementError(name, 'has a slash or a backslash, which would change the path');
  if (DOT_SEGMENT.test(decoded)) throw new PlacementError(name, 'is "." or "..", which would change the path');
  return text;
}

/** What the most eager server could read: percent-decoded until no escape of an ASCII character is left, broken escapes left alone. */
function decodeFully(text: string): string {
  let decoded = text;
  while (ASCII_ESCAPE.test(decoded)) {
    decoded = decoded.replaceAll(ASCII_ESCAPES, (_escape, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return decoded;
}

function placeQuery(template: UrlTemplate, names: string[], args: Record<string, unknown>): string {
  const added = new URLSearchParams();
  for (const name of names) {
    const value = args[name];
    if (value === null) continue;
    // A second value beside the template's own would let the model choose between the two.
    if (template.fixedQueryNames.has(name))
      throw new PlacementError(name, 'is fixed by the url and cannot be an argument');
    for (const text of queryTexts(name, value)) added.append(name, text);
  }
  return [template.query, added.toString()].filter((part) => part !== '').join('&');
}

function queryTexts(name: string, value: unknown): string[] {
  const text = scalarText(name, value);
  if (text !== undefined) return [text];
  if (!Array.isArray(value)) return [toJson(name, value)];
  const texts = value.map((item) => scalarText(name, item));
  return texts.every((item) => item !== undefined) ? texts : [toJson(name, value)];
}

function placeBody(names: string[], args: Record<string, unknown>): string {
  // Without a prototype, an argument called __proto__ is an argument like any other.
  const rest: Record<string, unknown> = Object.create(null);
  for (const name of names) rest[name] = args[name];
  return toJson('arguments', rest);
}

/** `undefined` when the value is not a scalar. */
function scalarText(name: string, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return undefined;
  if (!Number.isFinite(value)) throw new PlacementError(name, 'is not a finite number');
  return String(value);
}

function toJson(name: string, value: unknown): string {
  try {
    const json: string | undefined = JSON.stringify(value);
    if (json !== undefined) return json;
  } catch (error) {
    throw new PlacementError(name, 'cannot be written as JSON', { cause: error });
  }
  throw new PlacementError(name, 'cannot be written as JSON');
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
