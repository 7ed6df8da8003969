import { schemaAt } from '@patchbay/arguments/schema-pointer';
import type { FieldProblem } from '@patchbay/contracts/errors';
import { SPOKEN_FORMATS } from './formats.ts';
import type { Normalised } from './prepared-arguments.ts';
import { readBoolean, readChoice } from './spoken/read-choice.ts';
import { readInteger, readNumber } from './spoken/read-number.ts';
import type { Hearing, Read } from './spoken/reading.ts';

/** Nobody says a longer number, date or address in one breath; the bound keeps reading it short. */
const MAX_SPOKEN_LETTERS = 400;

export interface ValuesRead {
  value: Record<string, unknown>;
  normalised: Normalised[];
  problems: FieldProblem[];
}

/** Where a schema says what a value must be, and its spoken forms are understood. */
interface Place {
  accepts?: (text: string) => boolean;
  read?: Read;
  properties?: Map<string, Place>;
  items?: Place;
}

type Schema = Record<string, unknown>;

/** Compiles a schema into a reader of spoken values; nothing when the schema has no place for one. */
export function compileReading(schema: Schema): ((args: Record<string, unknown>, hearing: Hearing) => ValuesRead) | undefined {
  const root = placeIn(schema, schema, new Map());
  if (!root) return undefined;
  return (args, hearing) => {
    const found: ValuesRead = { value: args, normalised: [], problems: [] };
    found.value = visit(root, args, [], { hearing, found }) as Record<string, unknown>;
    return found;
  };
}

interface Visit {
  hearing: Hearing;
  found: ValuesRead;
}

function visit(place: Place, value: unknown, path: string[], on: Visit): unknown {
  if (typeof value === 'string') return place.read ? visitText(place, value, path, on) : value;
  if (Array.isArray(value)) return place.items ? changed(value, (item, index) => visit(place.items!, item, [...path, index], on)) : value;
  if (typeof value !== 'object' || value === null || !place.properties) return value;
  const { properties } = place;
  return changed(value as Record<string, unknown>, (item, name) => {
    const inner = properties.get(name);
    return inner ? visit(inner, item, [...path, name], on) : item;
  });
}

/** The same object unless an item of it changed. */
function changed<T extends object>(whole: T, change: (item: unknown, key: string) => unknown): T {
  const entries = Object.entries(whole);
  const after = entries.map(([key, item]) => change(item, key));
  if (after.every((item, index) => item === entries[index]![1])) return whole;
  return (Array.isArray(whole) ? after : Object.fromEntries(after.map((item, index) => [entries[index]![0], item]))) as T;
}

function visitText(place: Place, text: string, path: string[], { hearing, found }: Visit): unknown {
  if (text.length > MAX_SPOKEN_LETTERS || place.accepts?.(text)) return text;
  const reading = place.read!(text, hearing);
  if (!reading) return text;
  if ('problem' in reading) {
    found.problems.push({ path: path.join('.'), problem: reading.problem });
    return text;
  }
  found.normalised.push({ path: path.join('.'), from: text, to: reading.value });
  return reading.value;
}

function placeIn(schema: unknown, root: Schema, known: Map<unknown, Place>): Place | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const seen = known.get(schema);
  if (seen) return seen;
  const place: Place = {};
  known.set(schema, place);
  const target = '$ref' in schema && typeof schema.$ref === 'string' ? schemaAt(schema.$ref, root) : undefined;
  if (target) return placeIn(target, root, known);
  fill(place, schema as Schema, root, known);
  if (place.read || place.properties || place.items) return place;
  known.delete(schema);
  return undefined;
}

function fill(place: Place, schema: Schema, root: Schema, known: Map<unknown, Place>): void {
  Object.assign(place, leaf(schema));
  for (const part of parts(schema)) Object.assign(place, placeIn(part, root, known));
  const properties = Object.entries((schema['properties'] ?? {}) as Schema).flatMap(([name, inner]) => {
    const found = placeIn(inner, root, known);
    return found ? [[name, found] as const] : [];
  });
  if (properties.length > 0) place.properties = new Map([...(place.properties ?? []), ...properties]);
  const items = placeIn(schema['items'], root, known);
  if (items) place.items = items;
}

/** Schemas that hold for the same value without a choice: a choice between several kinds is never made for the caller. */
function parts(schema: Schema): unknown[] {
  const all = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  const choices = [schema['anyOf'], schema['oneOf']].filter(Array.isArray).map((options) => options.filter((option) => !isNull(option)));
  const only = choices.filter((options) => options.length === 1).flat();
  return [...all, ...only];
}

function isNull(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'null';
}

function leaf(schema: Schema): Pick<Place, 'accepts' | 'read'> {
  const type = typeOf(schema['type']);
  const options = schema['enum'];
  if (Array.isArray(options)) {
    const texts = options.filter((option) => typeof option === 'string');
    return texts.length > 0 ? { accepts: (text) => texts.includes(text), read: readChoice(texts) } : numberOrBoolean(type);
  }
  const format = type === undefined || type === 'string' ? schema['format'] : undefined;
  if (typeof format === 'string' && Object.hasOwn(SPOKEN_FORMATS, format)) return SPOKEN_FORMATS[format]!;
  return numberOrBoolean(type);
}

function numberOrBoolean(type: string | undefined): Pick<Place, 'read'> {
  if (type === 'integer') return { read: readInteger };
  if (type === 'number') return { read: readNumber };
  return type === 'boolean' ? { read: readBoolean } : {};
}

/** The one type a value may have beside null. */
function typeOf(type: unknown): string | undefined {
  const types = (Array.isArray(type) ? type : [type]).filter((name) => name !== 'null');
  if (types.length !== 1) return types.length === 0 ? undefined : 'several';
  return typeof types[0] === 'string' ? types[0] : undefined;
}
