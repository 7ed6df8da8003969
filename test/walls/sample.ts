/** The ids and names of one organization's things, by what they are: `connection`, `session`, ... */
export type Things = Readonly<Record<string, string>>;

export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
}

/** Which of the things a field names, where its name does not say it by itself. */
const FIELDS: Readonly<Record<string, string>> = {
  agent: 'agent',
  version: 'version',
  versionId: 'version',
  before: 'audit',
  objectId: 'connection',
  connectionIds: 'connection',
};
/** Where the schema says less than the service asks for. */
const VALUES: Readonly<Record<string, unknown>> = { permissions: ['tools:read'], parameters: { type: 'object' }, traceId: '0'.repeat(32) };
const ID_PATTERN = /^\^([a-z]+)_\[a-z0-9\]/;
const NOUNS: Readonly<Record<string, string>> = { org: 'organization', conn: 'connection', key: 'apiKey', per: 'person', agt: 'agent', ver: 'version', ses: 'session', inv: 'invocation', wh: 'webhook' };
/** One of them fits whatever pattern a contract has. */
const TEXTS = ['sweep', 'sweep@example.com', 'https://sweep.example/x', '2026-01-01T00:00:00.000Z', '0'.repeat(32), 'A'.repeat(43), 'a.b.c.d.e', 'US', '/', '/sweep', 'x'.repeat(20)];
const MOST_DEEP = 12;

/**
 * A message that fits a schema and names somebody else's things wherever it can: every field that is required, and every optional one that is
 * or holds an id.
 */
export class Sampler {
  readonly #things: Things;
  readonly #components: Readonly<Record<string, Schema>>;

  constructor(things: Things, components: Readonly<Record<string, Schema>>) {
    this.#things = things;
    this.#components = components;
  }

  /** @param name of the field, which may say what it is an id of */
  sample(schema: Schema, name = ''): unknown {
    if (Object.hasOwn(VALUES, name)) return VALUES[name];
    const whole = this.#resolve(schema);
    const id = this.#idFor(name, whole);
    if (id !== undefined && !whole.properties && !whole.items) return id;
    if (whole.const !== undefined) return whole.const;
    if (whole.enum) return whole.enum[0];
    if (whole.default !== undefined && !this.holdsId(whole, name)) return whole.default;
    const [first] = whole.anyOf ?? whole.oneOf ?? [];
    if (first) return this.sample(first, name);
    const type = Array.isArray(whole.type) ? whole.type[0] : whole.type;
    if (type === 'object') return this.#object(whole);
    if (type === 'array') return Array.from({ length: Math.max(1, whole.minItems ?? 0) }, () => this.sample(whole.items ?? {}, name));
    if (type === 'string') return textFor(whole, name);
    if (type === 'integer' || type === 'number') return whole.minimum ?? (whole.exclusiveMinimum === undefined ? 1 : whole.exclusiveMinimum + 1);
    if (type === 'boolean') return false;
    return type === 'null' ? null : {};
  }

  #object({ properties = {}, required = [], additionalProperties }: Schema): Record<string, unknown> {
    const chosen = Object.entries(properties).filter(([name, schema]) => required.includes(name) || this.holdsId(schema, name));
    const fields = Object.fromEntries(chosen.map(([name, schema]) => [name, this.sample(schema, name)]));
    const isRecord = Object.keys(properties).length === 0 && typeof additionalProperties === 'object';
    return isRecord ? { sweep: this.sample(additionalProperties, 'sweep') } : fields;
  }

  /** Whether somebody else's thing can be named in it. */
  holdsId(schema: Schema, name: string, depth = 0): boolean {
    if (depth > MOST_DEEP) return false;
    const { properties = {}, items, anyOf = [], oneOf = [], ...whole } = this.#resolve(schema);
    if (this.#idFor(name, whole) !== undefined) return true;
    const inside = Object.entries(properties).some(([field, one]) => this.holdsId(one, field, depth + 1));
    return inside || [...(items ? [items] : []), ...anyOf.slice(0, 1), ...oneOf.slice(0, 1)].some((one) => this.holdsId(one, name, depth + 1));
  }

  #idFor(name: string, { pattern, type }: Schema): string | undefined {
    const prefix = ID_PATTERN.exec(pattern ?? '')?.[1];
    if (prefix) return this.#things[NOUNS[prefix] ?? prefix];
    return type === 'string' || type === undefined ? this.#things[FIELDS[name] ?? /^(\w+)Id$/.exec(name)?.[1] ?? ''] : undefined;
  }

  #resolve(schema: Schema): Schema {
    const { $ref, allOf, ...rest } = schema;
    if (allOf) return Object.assign({}, rest, ...allOf.map((one) => this.#resolve(one))) as Schema;
    if (!$ref) return schema;
    const found = this.#components[$ref.slice($ref.lastIndexOf('/') + 1)];
    if (!found) throw new Error(`There is no schema ${$ref}.`);
    return { ...this.#resolve(found), ...rest };
  }
}

function textFor({ pattern, format, minLength = 0, maxLength = Infinity }: Schema, name: string): string {
  const formats: Record<string, string> = { uri: TEXTS[2]!, email: TEXTS[1]!, 'date-time': TEXTS[3]! };
  const wanted = pattern === undefined ? null : new RegExp(pattern, 'u');
  const candidates = format && formats[format] ? [formats[format]] : TEXTS;
  const text = candidates.find((candidate) => candidate.length >= minLength && candidate.length <= maxLength && (wanted?.test(candidate) ?? true));
  if (text === undefined) throw new Error(`No text is known for the field ${name} with the pattern ${pattern}: add one.`);
  return text;
}
