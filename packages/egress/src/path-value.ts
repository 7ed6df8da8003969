import { scalarText } from './argument-text.ts';
import { decodeEscapes } from './decode-escapes.ts';
import { PlacementError } from './placement-error.ts';
import { type SegmentPart, fillSegment } from './url-template.ts';

// Some servers drop what follows a semicolon, or trailing white space, before they resolve dots.
const DOT_SEGMENT = /^\.{1,2}\s*(;|$)/;
const SEPARATOR = /[/\\]/;
const CONTROL = /\p{Cc}/u;
// Longer is no identifier; and decoding again and again stays cheap.
const MAX_CHARACTERS = 1_024;

/** One path segment with its arguments filled in. Throws PlacementError when an argument is missing or would change the path. */
export function placeSegment(parts: SegmentPart[], args: Record<string, unknown>): string {
  const segment = fillSegment(parts, (name) => encodeURIComponent(readPathValue(name, args)));
  const first = parts.find((part) => 'argument' in part);
  // Two harmless arguments side by side can still spell "..".
  if (first !== undefined && DOT_SEGMENT.test(decodeEscapes(segment)))
    throw new PlacementError(first.argument, 'makes a "." or ".." of its path segment');
  return segment;
}

function readPathValue(name: string, args: Record<string, unknown>): string {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (value === undefined || value === null) throw new PlacementError(name, 'is missing, and the path needs it');
  const text = scalarText(name, value);
  if (text === undefined)
    throw new PlacementError(name, 'must be a string, a number or a boolean to be part of the path');
  if (text === '') throw new PlacementError(name, 'is empty, and the path needs it');
  if (text.length > MAX_CHARACTERS) throw new PlacementError(name, `is longer than ${MAX_CHARACTERS} characters`);
  if (!text.isWellFormed()) throw new PlacementError(name, 'is not valid Unicode');
  const decoded = decodeEscapes(text);
  if (CONTROL.test(decoded)) throw new PlacementError(name, 'has a control character');
  if (SEPARATOR.test(decoded))
    throw new PlacementError(name, 'has a slash or a backslash, which would change the path');
  if (DOT_SEGMENT.test(decoded)) throw new PlacementError(name, 'is "." or "..", which would change the path');
  return text;
}
