import { useMemo } from 'react';
import type { ApiKey, Edge, Person } from '@patchbay/contracts/access';
import type { Permission } from '@patchbay/contracts/permissions';
import { useAccess, useMay } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';

/** Who is who changes rarely; the next visit sees it. */
const neverChanges = () => false;

/** The names behind the ids of people, keys and edges, as far as the reader may know them. */
export function useActorNames(): ReadonlyMap<string, string> {
  const people = useListed<{ people: Person[] }>('people:read', '/v1/people');
  const keys = useListed<{ apiKeys: ApiKey[] }>('keys:read', '/v1/api-keys');
  const edges = useListed<{ edges: Edge[] }>('edges:read', '/v1/edges');
  return useMemo(
    () =>
      new Map([
        ...(people?.people.map(({ personId, email }) => [personId, email] as const) ?? []),
        ...(keys?.apiKeys.map(({ apiKeyId, name }) => [apiKeyId, name] as const) ?? []),
        ...(edges?.edges.map(({ edgeId, name }) => [edgeId, name] as const) ?? []),
      ]),
    [people, keys, edges],
  );
}

function useListed<T>(permission: Permission, path: string): T | null {
  const { apiKey } = useAccess();
  const isAllowed = useMay(permission);
  return useResource<T>({ path: isAllowed ? path : null, apiKey, isChanging: neverChanges }).data;
}
