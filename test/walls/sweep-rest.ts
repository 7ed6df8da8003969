import { EDGE_OPERATIONS } from '@patchbay/contracts/edge';
import { judge, type Judged } from './judge.ts';
import type { Party, Reply } from './parties.ts';
import { Sampler, type Schema, type Things } from './sample.ts';

export interface Swept {
  /** Routes, subjects. */
  targets: number;
  calls: number;
  /** By the code of the answer; `answered` where it was no error. */
  codes: Record<string, number>;
  leaks: string[];
  unexercised: string[];
}

export interface SweepInput {
  intruder: Party;
  things: Things;
  marker: string;
}

interface Operation {
  method: string;
  path: string;
  parameters: { name?: string; in?: string; schema?: Schema; required?: boolean }[];
  body: Schema | undefined;
  permission: string | undefined;
}

interface OpenApi {
  paths: Record<string, Record<string, { parameters?: Operation['parameters']; requestBody?: { content: Record<string, { schema: Schema }> }; 'x-permission'?: string }>>;
  components: { schemas: Record<string, Schema> };
}

/** What an organization's own key cannot do: the operator's. */
const OF_THE_INSTALLATION = 'organizations:create';

/** Every route that the platform says it has, with the key of one organization and the things of another. */
export async function sweepRest({ intruder, things, marker }: SweepInput): Promise<Swept> {
  const document = (await intruder.need('GET', '/openapi.json')) as unknown as OpenApi;
  const operations = operationsOf(document);
  const swept: Swept = { targets: operations.length, calls: 0, codes: {}, leaks: [], unexercised: [] };
  const sampler = new Sampler(things, document.components.schemas);
  for (const operation of operations) {
    const problems = new Map<string, string | null>();
    for (const { path, body } of requestsFor(operation, sampler, things, intruder)) {
      for (const organization of [undefined, things['organization']]) {
        const reply = await intruder.ask(operation.method, path, body, organization);
        const { leaks, unexercised } = learnt(operation, { path, body, reply }, { things, marker });
        swept.calls += 1;
        count(swept, codeOf(reply));
        swept.leaks.push(...leaks);
        // In the name of an organization that is not its own, the intruder is refused before anything else.
        if (!organization) problems.set(path, unexercised);
      }
    }
    if (![...problems.values()].includes(null)) swept.unexercised.push([...problems.values()][0]!);
  }
  return swept;
}

function learnt(
  { method, permission }: Operation,
  { path, body, reply }: { path: string; body: object | undefined; reply: Reply },
  { things, marker }: Pick<SweepInput, 'things' | 'marker'>,
): Judged {
  const { status, body: answer, text } = reply;
  const what = `${method} ${path}`;
  const code = codeOf(reply);
  const judged = judge({ what, sent: { ...body, path }, code, details: answer['details'], text }, things, marker);
  const isShut = code === 'forbidden' && String(answer['message']).includes('permission') && permission !== OF_THE_INSTALLATION;
  const isNowhere = status === 404 && text.includes('/openapi.json');
  return isShut || isNowhere ? { ...judged, unexercised: `${what}: ${text.slice(0, 200)}` } : judged;
}

function codeOf({ status, body }: Reply): string | undefined {
  return status >= 400 ? String(body['code']) : undefined;
}

export function count({ codes }: Swept, code: string | undefined): void {
  const word = code ?? 'answered';
  codes[word] = (codes[word] ?? 0) + 1;
}

function operationsOf({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, 'x-permission': permission }]) => {
      const body = requestBody?.content['application/json']?.schema;
      return { method: method.toUpperCase(), path, parameters, body, permission };
    }),
  );
}

/**
 * Another's things in path, query and body; the operations of an edge with the intruder's own edge, too, because another's is refused at once;
 * and once without what a query may leave out, because some of it cannot stand together.
 */
function requestsFor(operation: Operation, sampler: Sampler, things: Things, intruder: Party): { path: string; body: object | undefined }[] {
  const { method, path, body } = operation;
  const isEdges = EDGE_OPERATIONS.has(path.slice(path.lastIndexOf('/') + 1));
  const filled = (edgeId: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'edgeId' ? edgeId : String(sampler.sample({ type: 'string' }, name))));
  const edges = [things['edge']!, ...(isEdges ? [intruder.edgeId] : [])];
  if (method === 'GET') return [...queriesFor(operation, sampler, things)].map((query) => ({ path: `${filled(things['edge']!)}?${query}`, body: undefined }));
  const sent = { ...(body ? (sampler.sample(body) as object) : {}), organizationId: things['organization'] };
  return edges.map((edgeId) => ({ path: filled(edgeId), body: sent }));
}

function queriesFor({ parameters }: Operation, sampler: Sampler, things: Things): Set<string> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const naming = inQuery.filter(({ name, schema, required }) => required || sampler.holdsId(schema ?? {}, name!));
  const texts = [naming, naming.filter(({ required }) => required)].map((chosen) => {
    const pairs = chosen.map(({ name, schema }): [string, string] => [name!, String(sampler.sample(schema ?? {}, name))]);
    return new URLSearchParams([...pairs, ['organizationId', things['organization']!]]).toString();
  });
  return new Set(texts);
}
