import { PlacementError } from './placement-error.ts';

/** A piece of a path segment: text from the template, or the name of the argument that goes there. */
export type SegmentPart = { text: string } | { argument: string };

/** A URL with `{name}` placeholders, taken apart once. */
export interface UrlTemplate {
  /** Scheme, host and port as the URL standard writes them. */
  origin: string;
  segments: SegmentPart[][];
  /** What the URL standard makes of each segment that has no placeholder; `undefined` for the others. */
  fixedSegments: (string | undefined)[];
  /** As written, without the question mark. */
  query: string;
  fixedQueryNames: Set<string>;
  placeholders: Set<string>;
}

const SHAPE = /^(https?:\/\/[^/?#\\{}@\s]+)(\/[^?#]*)?(?:\?([^#]*))?$/i;
const PLACEHOLDER = /\{([^{}]*)\}/g;
// Templates come from published actions: few and unchanging. The bound is for a long life.
const MAX_KNOWN_TEMPLATES = 2_000;
const known = new Map<string, UrlTemplate>();

/** Reads a template, from memory if it was read before. Throws PlacementError when it is no http(s) URL or has a placeholder outside the path. */
export function readUrlTemplate(text: string): UrlTemplate {
  const found = known.get(text);
  if (found !== undefined) return found;
  const template = parseTemplate(text);
  if (known.size >= MAX_KNOWN_TEMPLATES) known.clear();
  known.set(text, template);
  return template;
}

function parseTemplate(text: string): UrlTemplate {
  const match = SHAPE.exec(text);
  if (match === null)
    throw new PlacementError('url', 'is not an http(s) URL without user name, fragment or a placeholder in its host');
  const [, site = '', path = '', query = ''] = match;
  if (/[{}]/.test(query))
    throw new PlacementError('url', 'has a placeholder in its query; placeholders belong in the path');
  if (path.includes('\\')) throw new PlacementError('url', 'has a backslash in its path');
  const segments = (path === '' ? '/' : path).split('/').slice(1).map(readSegment);
  const sample = URL.parse(site + segments.map((parts) => `/${fillSegment(parts, () => 'x')}`).join(''));
  if (sample === null) throw new PlacementError('url', 'is not a valid URL');
  const sampleSegments = sample.pathname.split('/').slice(1);
  if (sampleSegments.length !== segments.length) throw new PlacementError('url', 'has "." or ".." in its path');
  const placeholders = segments.flat().flatMap((part) => ('argument' in part ? [part.argument] : []));
  return {
    origin: sample.origin,
    segments,
    fixedSegments: segments.map((parts, at) =>
      parts.some((part) => 'argument' in part) ? undefined : sampleSegments[at],
    ),
    query,
    fixedQueryNames: new Set(new URLSearchParams(query).keys()),
    placeholders: new Set(placeholders),
  };
}

/** The segment as text, with `fill` giving the text of each argument. */
export function fillSegment(parts: SegmentPart[], fill: (argument: string) => string): string {
  return parts.map((part) => ('argument' in part ? fill(part.argument) : part.text)).join('');
}

function readSegment(text: string): SegmentPart[] {
  // Splitting by an expression with one group gives text and names in turn.
  const parts = text
    .split(PLACEHOLDER)
    .map((piece, at): SegmentPart => (at % 2 === 0 ? { text: piece } : { argument: piece }));
  for (const part of parts) {
    if ('argument' in part && part.argument === '') throw new PlacementError('url', 'has a placeholder without a name');
    if ('text' in part && /[{}]/.test(part.text))
      throw new PlacementError('url', 'has a brace without its partner in its path');
  }
  return parts;
}
