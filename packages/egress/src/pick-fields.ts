import { RuleError } from './rule-error.ts';

/** The picked parts, in the shape they had; `missing` gets the paths that found nothing. `undefined` when nothing was picked. */
export type PickFields = (value: unknown, missing: Set<string>) => unknown;

/** What stays of a value: all of it, or the parts that have a node of their own. */
interface PickNode {
  whole: boolean;
  /** The paths that lead through this node or end here. */
  paths: string[];
  children: Map<string, PickNode>;
  /** For every element or field without a child of its own. */
  every: PickNode | undefined;
}

// A star is followed beside every name of its level, so that stars multiply.
const MAX_NODES = 2_000;

/**
 * Compiles paths in dots (`data.order.status`, `items.0.id`, `items.*.id`); `*` stands for every element of a list and every field of an
 * object. Elements of a list that were not picked leave no gap. Throws RuleError for a path with an empty step, and for too many stars beside names.
 */
export function compilePick(paths: string[]): PickFields {
  const root = nodeOf(
    paths.map((path) => ({ path, steps: readPath(path) })),
    { nodes: 0 },
  );
  return (value, missing) => pick(value, root, missing);
}

/** The steps of a path in dots. Throws RuleError. */
export function readPath(path: string): string[] {
  const steps = path.split('.');
  if (steps.some((step) => step === '' || step === '__proto__'))
    throw new RuleError('path', `"${path}" has an empty or impossible step`);
  return steps;
}

function nodeOf(picks: { path: string; steps: string[] }[], made: { nodes: number }): PickNode {
  if (++made.nodes > MAX_NODES) throw new RuleError('path', 'has too many stars beside the names of other paths');
  const below = (wanted: string): PickNode =>
    nodeOf(
      picks
        .filter(({ steps: [step] }) => step === wanted || step === '*')
        .map(({ path, steps }) => ({ path, steps: steps.slice(1) })),
      made,
    );
  const steps = new Set(picks.flatMap((picked) => picked.steps.slice(0, 1)));
  const names = [...steps].filter((step) => step !== '*');
  return {
    whole: picks.some((picked) => picked.steps.length === 0),
    paths: picks.map(({ path }) => path),
    children: new Map(names.map((name) => [name, below(name)])),
    every: steps.has('*') ? below('*') : undefined,
  };
}

function pick(value: unknown, node: PickNode, missing: Set<string>): unknown {
  if (node.whole) return value;
  if (typeof value !== 'object' || value === null) {
    noteMissing(node, missing);
    return undefined;
  }
  for (const [name, child] of node.children) if (!hasField(value, name)) noteMissing(child, missing);
  return Array.isArray(value)
    ? pickElements(value, node, missing)
    : pickFields(value as Record<string, unknown>, node, missing);
}

function pickElements(list: unknown[], { children, every }: PickNode, missing: Set<string>): unknown[] {
  const picked: unknown[] = [];
  for (let at = 0; at < list.length; at++) {
    const child = (children.size === 0 ? undefined : children.get(String(at))) ?? every;
    const part = child && pick(list[at], child, missing);
    if (part !== undefined) picked.push(part);
  }
  return picked;
}

function pickFields(
  value: Record<string, unknown>,
  { children, every }: PickNode,
  missing: Set<string>,
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of every === undefined ? children.keys() : Object.keys(value)) {
    const child = children.get(name) ?? every;
    const part = child && hasField(value, name) ? pick(value[name], child, missing) : undefined;
    if (part !== undefined) picked[name] = part;
  }
  return picked;
}

/** Own and enumerable: not the length of a list, nothing of a prototype. */
function hasField(value: object, name: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, name);
}

function noteMissing({ paths }: PickNode, missing: Set<string>): void {
  for (const path of paths) missing.add(path);
}
