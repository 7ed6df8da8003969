import type { CpuProfile } from './inspector.ts';

/** Processor time of one area of the runner's code, with what it calls in Node itself. */
export interface ProfileShare {
  area: string;
  /** Of the time in which the process did anything at all, 0 to 1. */
  share: number;
}

/** Packages by what they are there for; any other package is told by its own name. */
const AREAS: [RegExp, string][] = [
  [/^@nats-io\//, 'NATS client'],
  [/^@opentelemetry\//, 'spans'],
  [/^undici$/, 'HTTP client (undici)'],
  [/^(pg|pg-.*|postgres-.*|typeorm)$/, 'PostgreSQL client'],
  [/^zod$/, 'contract checks (zod)'],
  [/^ajv/, 'argument checks (ajv)'],
  [/^(@nestjs\/.*|rxjs|fastify|pino)$/, 'Nest'],
];
const COLLECTOR = 'garbage collector';
const NODE = 'Node itself';
const IDLE = '(idle)';

type ProfileNode = CpuProfile['nodes'][number];

/** By area, largest first. What Node does is the cost of whoever called it: a write to a socket belongs to its client. */
export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): ProfileShare[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, byId.get(id)!])));
  const areas = new Map<number, string | undefined>();
  const areaOf = (node: ProfileNode): string => {
    if (!areas.has(node.id)) areas.set(node.id, ownArea(node));
    const parent = parents.get(node.id);
    return areas.get(node.id) ?? (parent ? areaOf(parent) : NODE);
  };
  const sums = new Map<string, number>();
  samples.forEach((id, index) => {
    const node = byId.get(id)!;
    if (node.callFrame.functionName === IDLE) return;
    const area = areaOf(node);
    sums.set(area, (sums.get(area) ?? 0) + timeDeltas[index]!);
  });
  const total = [...sums.values()].reduce((sum, time) => sum + time, 0);
  return [...sums].map(([area, time]) => ({ area, share: time / total })).toSorted((a, b) => b.share - a.share);
}

/** Undefined for what runs on behalf of its caller. */
function ownArea({ callFrame: { functionName, url } }: ProfileNode): string | undefined {
  if (functionName === '(garbage collector)') return COLLECTOR;
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (installed) return AREAS.find(([pattern]) => pattern.test(installed))?.[1] ?? installed;
  return /\/(?:apps|packages)\/([^/]+)\//.exec(url)?.[1];
}
