import { readPath } from './pick-fields.ts';
import { RuleError } from './rule-error.ts';

/** The value with fields under new names; `missing` gets the paths that found nothing. The value itself stays as it is. */
export type RenameFields = (value: unknown, missing: Set<string>) => unknown;

const NOTHING = Symbol('nothing');

/**
 * Compiles path → name. A field moves to the top of the result under its name (`data.order.status` → `status`), and an object that it leaves
 * empty goes; behind a `*` it gets its name where it is (`items.*.order_id` → `orderId`: each item has one). Throws RuleError.
 */
export function compileRename(names: Record<string, string>): RenameFields {
  const renames = Object.entries(names).map(([path, name]) => new Rename(path, name));
  return (value, missing) => renames.reduce((renamed, rename) => rename.apply(renamed, missing), value);
}

class Rename {
  private readonly path: string;
  private readonly name: string;
  private readonly steps: string[];
  private readonly inPlace: boolean;

  constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
    this.steps = readPath(path);
    if (name === '__proto__') throw new RuleError('path', `"${path}" cannot be named ${name}`);
    this.inPlace = this.steps.includes('*');
  }

  apply(value: unknown, missing: Set<string>): unknown {
    const found: unknown[] = [];
    const rest = this.without(value, 0, found);
    if (found.length === 0) {
      missing.add(this.path);
      return value;
    }
    if (this.inPlace) return rest;
    return { ...(rest === NOTHING || Array.isArray(rest) ? {} : (rest as object)), [this.name]: found[0] };
  }

  /** A copy in which the field is gone, or has its name when it stays where it is. Copies only the objects on the way. */
  private without(value: unknown, depth: number, found: unknown[]): unknown {
    const step = this.steps[depth] as string;
    if (typeof value !== 'object' || value === null) return value;
    const last = depth === this.steps.length - 1;
    if (step === '*') return last ? value : eachPart(value, (part) => this.without(part, depth + 1, found));
    if (!Object.prototype.propertyIsEnumerable.call(value, step)) return value;
    const part = (value as Record<string, unknown>)[step];
    if (!last) return replaceField(value, step, step, this.without(part, depth + 1, found));
    found.push(part);
    return this.inPlace ? replaceField(value, step, this.name, part) : replaceField(value, step, step, NOTHING);
  }
}

function eachPart(value: object, change: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}

/** NOTHING in place of a part removes it, and what becomes empty by that is NOTHING, too. */
function replaceField(value: object, from: string, to: string, part: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.toSpliced(Number(from), 1, ...(part === NOTHING ? [] : [part]));
    return list.length === 0 ? NOTHING : list;
  }
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key !== from && key !== to) copy[key] = item;
    else if (key === from && part !== NOTHING) copy[to] = part;
  }
  return Object.keys(copy).length === 0 ? NOTHING : copy;
}
