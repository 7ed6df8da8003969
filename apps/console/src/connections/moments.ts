import type { Connection } from '@patchbay/contracts/connections';

export interface Moment {
  what: string;
  at: string;
}

type Times = 'createdAt' | 'lastCheckedAt' | 'lastUsedAt' | 'lastRefreshedAt' | 'nextRefreshAt' | 'expiresAt' | 'undeleteUntil';

const NAMES: readonly [Times, string][] = [
  ['createdAt', 'Created'],
  ['lastRefreshedAt', 'Access refreshed'],
  ['lastCheckedAt', 'Last checked'],
  ['lastUsedAt', 'Last good use'],
  ['nextRefreshAt', 'Next refresh'],
  ['expiresAt', 'Access token expires'],
  ['undeleteUntil', 'Its secrets are destroyed'],
];

/** What happened to a connection and what will, in order of time. */
export function momentsOf(connection: Pick<Connection, Times | 'slots'>): Moment[] {
  const times = NAMES.flatMap(([name, what]) => (connection[name] === null ? [] : [{ what, at: connection[name] }]));
  const slots = connection.slots.flatMap(({ slot, version, since, until }) => {
    if (slot === 'current' && version > 1) return [{ what: `Switched to secret ${version}`, at: since }];
    return slot === 'previous' && until ? [{ what: `Secret ${version} is destroyed`, at: until }] : [];
  });
  return [...times, ...slots].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
