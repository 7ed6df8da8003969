import { z } from 'zod';

export type NamedSchemas = Record<string, z.ZodType>;

/**
 * JSON Schemas (draft 2020-12) of schemas that are given names, and of every named schema inside them, as they stand under
 * `#/components/schemas`. One registry for all: nested definitions would otherwise be repeated inside each.
 */
export function jsonSchemas(named: NamedSchemas, io: 'input' | 'output'): Record<string, Record<string, unknown>> {
  const registry = z.registry<{ id?: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const taken = new Set(Object.values(named));
  for (const schema of Object.values(named)) addNested(schema, registry, taken);
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `#/components/schemas/${id}`,
    unrepresentable: 'throw',
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIds(schema)]));
}

/** Schemas that carry `.meta({ id })` become components of their own, wherever they stand. */
function addNested(schema: z.ZodType, registry: z.core.$ZodRegistry<{ id?: string }>, taken: Set<z.ZodType>): void {
  const visit = (value: unknown): void => {
    if (!(value instanceof z.ZodType) || taken.has(value)) return;
    taken.add(value);
    const id = z.globalRegistry.get(value)?.id;
    if (id) registry.add(value, { id });
    children(value).forEach(visit);
  };
  children(schema).forEach(visit);
}

function children(schema: z.ZodType): unknown[] {
  const def = schema.def as unknown as Record<string, unknown>;
  const shape = schema instanceof z.ZodObject ? Object.values(schema.shape) : [];
  const options = Array.isArray(def['options']) ? (def['options'] as unknown[]) : [];
  return [...shape, ...options, def['element'], def['innerType'], def['valueType'], def['in'], def['out']];
}

function withoutIds(schema: object): Record<string, unknown> {
  const { $schema: _schema, $id: _id, id: _name, ...rest } = schema as Record<string, unknown>;
  return rest;
}
