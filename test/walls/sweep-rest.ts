import { EDGE_OPERATIONS } from '@patchbay/contracts/edge';
import { judge } from './judge.ts';
import type { Party } from './parties.ts';
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
    const { method, permission } = operation;
    for (const { path, body } of requestsFor(operation, sampler, things, intruder)) {
      for (const organization of [undefined, things['organization']]) {
        const { status, body: answer, text } = await intruder.ask(method, path, body, organization);
        const code = status >= 400 ? String(answer['code']) : undefined;
        swept.calls += 1;
        count(swept, code);
        const { leaks, unexercised } = judge({ what: `${method} ${path}`, sent: { ...body, path }, code, details: answer['details'], text }, things, marker);
        swept.leaks.push(...leaks);
        if (unexercised) swept.unexercised.push(unexercised);
        const isShut = code === 'forbidden' && String(answer['message']).includes('permission') && permission !== OF_THE_INSTALLATION;
        if ((isShut && organization === undefined) || (status === 404 && text.includes('/openapi.json'))) swept.unexercised.push(`${method} ${path}: ${text.slice(0, 200)}`);
      }
    }
  }
  return swept;
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

/** Another's things in path, query and body; the operations of an edge with the intruder's own edge, too, because another's is refused at once. */
function requestsFor(operation: Operation, sampler: Sampler, things: Things, intruder: Party) {
  const { method, path, parameters, body } = operation;
  const isEdges = EDGE_OPERATIONS.has(path.slice(path.lastIndexOf('/') + 1));
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name, schema }): [string, string] => [name!, String(sampler.sample(schema ?? {}, name))]);
  const search = new URLSearchParams([...query, ['organizationId', things['organization']!]]).toString();
  const isRead = method === 'GET';
  const sent = isRead ? undefined : { ...(body ? (sampler.sample(body) as object) : {}), organizationId: things['organization'] };
  const filled = (edgeId: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'edgeId' ? edgeId : String(sampler.sample({ type: 'string' }, name))));
  const edges = [things['edge']!, ...(isEdges ? [intruder.edgeId] : [])];
  return edges.map((edgeId) => ({ path: isRead ? `${filled(edgeId)}?${search}` : filled(edgeId), body: sent }));
}
