import type { Actor } from '@patchbay/contracts/actor';

/** `api_key.created` → `api key created`. */
export function actionWords(action: string): string {
  return action.replace('.', ' ').replaceAll('_', ' ');
}

const ACTOR_KINDS: Readonly<Record<Actor['kind'], string>> = {
  person: 'person',
  api_key: 'API key',
  edge: 'edge',
  service: 'Patchbay',
};

/** Who it was, as well as it is known: names where there is one for the id. */
export function actorWords({ kind, id }: Actor, names: ReadonlyMap<string, string>): { who: string; kind: string } {
  return { who: names.get(id) ?? id, kind: ACTOR_KINDS[kind] };
}

/** The nouns of the log, for choosing one. */
export const NOUNS = [
  ['', 'everything'],
  ['connection', 'connections'],
  ['api_key', 'API keys'],
  ['person', 'people'],
  ['edge', 'edges'],
  ['tool', 'tools'],
  ['agent', 'agents'],
  ['version', 'agent versions'],
  ['webhook', 'webhooks'],
  ['organization', 'the organization'],
  ['key', 'encryption keys'],
] as const;

const ACCESS_PATHS: Readonly<Record<string, string>> = { api_key: '/access/keys', person: '/access/people', edge: '/access/edges' };

/** Where an object can be seen in the console; null for one that has no page. */
export function objectPath({ kind, id }: { kind: string; id: string }): string | null {
  if (kind === 'connection') return `/connections/${id}`;
  return ACCESS_PATHS[kind] ?? null;
}
