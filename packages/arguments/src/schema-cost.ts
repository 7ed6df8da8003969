import { MAX_LEVELS } from './argument-bounds.ts';
import { schemaAt } from './schema-pointer.ts';

/** Checks of one value and what lies on one way into it. Real schemas need tens; at a hundred thousand a check takes milliseconds. */
const MAX_CHECKS = 100_000;

const SAME_VALUE = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas'];
const PART_OF_VALUE = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'contains',
  'unevaluatedItems',
];
const BY_NAME = new Set(['properties', 'patternProperties', 'dependentSchemas']);

type Schema = Record<string, unknown>;

/**
 * Throws for a schema that makes few arguments dear to check: thirty levels of `allOf: [x, x]`, or an `anyOf` of two references to itself, double
 * the work at every level.
 */
export function requireCheap(root: Schema): void {
  const known = new Map<unknown, number[]>();
  if (cost(root, MAX_LEVELS, root, known) > MAX_CHECKS) {
    throw new Error(`it takes more than ${MAX_CHECKS} checks for one value; use fewer combinations and references`);
  }
}

function cost(schema: unknown, levels: number, root: Schema, known: Map<unknown, number[]>): number {
  if (typeof schema !== 'object' || schema === null || levels === 0) return 0;
  const costs = known.get(schema) ?? [];
  known.set(schema, costs);
  const before = costs[levels];
  if (before !== undefined) return before;
  // While it is being counted; one that contains itself at the same value has no end and is found when it runs.
  costs[levels] = 0;
  const same = [...partsOf(schema as Schema, SAME_VALUE), ...targetOf(schema as Schema, root)];
  const inner = partsOf(schema as Schema, PART_OF_VALUE).map((part) => cost(part, levels - 1, root, known));
  const total = same.reduce<number>((sum, part) => sum + cost(part, levels, root, known), 1) + inner.reduce((most, one) => Math.max(most, one), 0);
  costs[levels] = Math.min(total, MAX_CHECKS + 1);
  return costs[levels];
}

function targetOf(schema: Schema, root: Schema): unknown[] {
  return typeof schema['$ref'] === 'string' ? [schemaAt(schema['$ref'], root)] : [];
}

/** A keyword holds a schema, a list of them, or several by name. */
function partsOf(schema: Schema, keywords: string[]): unknown[] {
  return keywords.flatMap((keyword) => {
    const value = schema[keyword];
    if (typeof value !== 'object' || value === null) return [];
    return Array.isArray(value) || BY_NAME.has(keyword) ? Object.values(value) : [value];
  });
}
