/** A JSON Schema, of which only the places and the two marks are read. */
type Schema = Record<string, unknown>;

/** A copy with marked values replaced; the value itself when nothing of it is marked. */
export type MaskFields = (value: unknown) => unknown;

export const MASKED = '[masked]';
export const SECRET = '[secret]';

const BRANCHES = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'];
const EVERY_ELEMENT = ['items', 'contains', 'unevaluatedItems', 'additionalItems'];

const knownForEvidence = new WeakMap<Schema, MaskFields>();

/** The value as evidence may keep it: `[masked]` where the schema says `x-pii: true`, `[secret]` where it says `x-secret: true`. */
export function maskForEvidence(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined) return value;
  const known = knownForEvidence.get(schema) ?? compileMask(schema, { 'x-pii': MASKED, 'x-secret': SECRET });
  knownForEvidence.set(schema, known);
  return known(value);
}

/**
 * Compiles a schema into a function that puts `replacements[mark]` in place of every value whose schema has the mark. When in doubt a value
 * is masked: one marked branch of several is enough, and a mark under `patternProperties` counts for every field.
 */
export function compileMask(schema: Schema, replacements: Record<string, string>): MaskFields {
  const text = JSON.stringify(schema);
  if (!Object.keys(replacements).some((mark) => text.includes(`"${mark}"`))) return (value) => value;
  return (value) => mask(value, expand(schema, schema), schema, replacements);
}

function mask(value: unknown, schemas: Schema[], root: Schema, replacements: Record<string, string>): unknown {
  if (schemas.length === 0 || value === undefined || value === null) return value;
  for (const [mark, replacement] of Object.entries(replacements)) {
    if (schemas.some((schema) => schema[mark] === true)) return replacement;
  }
  if (typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((item, at) => mask(item, elementSchemas(schemas, at, root), root, replacements));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      mask(item, fieldSchemas(schemas, name, root), root, replacements),
    ]),
  );
}

function fieldSchemas(schemas: Schema[], name: string, root: Schema): Schema[] {
  return schemas.flatMap(({ properties, patternProperties, additionalProperties, unevaluatedProperties }) => {
    const own = isSchema(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
    const others = own.length > 0 ? [] : [additionalProperties, unevaluatedProperties];
    return [...own, ...valuesOf(patternProperties), ...others].flatMap((found) => expand(found, root));
  });
}

function elementSchemas(schemas: Schema[], at: number, root: Schema): Schema[] {
  return schemas.flatMap((schema) => {
    const { prefixItems } = schema;
    const own = Array.isArray(prefixItems) ? [prefixItems[at]] : [];
    return [...own, ...EVERY_ELEMENT.map((keyword) => schema[keyword])].flatMap((found) => expand(found, root));
  });
}

/** The schema and every schema that applies to the same value: branches and references inside the document. */
function expand(schema: unknown, root: Schema, seen = new Set<unknown>()): Schema[] {
  if (Array.isArray(schema)) return schema.flatMap((branch) => expand(branch, root, seen));
  if (!isSchema(schema) || seen.has(schema)) return [];
  seen.add(schema);
  const branches = [...BRANCHES.map((keyword) => schema[keyword]), ...valuesOf(schema.dependentSchemas)].flatMap(
    (branch) => expand(branch, root, seen),
  );
  const referred = typeof schema.$ref === 'string' ? expand(resolve(schema.$ref, root), root, seen) : [];
  return [schema, ...branches, ...referred];
}

/** A JSON Pointer into the same document, as in `#/$defs/order`. */
function resolve(reference: string, root: Schema): unknown {
  if (!reference.startsWith('#')) return undefined;
  const steps = reference.slice(1).split('/').slice(1);
  return steps.reduce<unknown>((found, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof found === 'object' && found !== null && Object.hasOwn(found, name)
      ? (found as Schema)[name]
      : undefined;
  }, root);
}

function valuesOf(schemas: unknown): unknown[] {
  return isSchema(schemas) ? Object.values(schemas) : [];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
