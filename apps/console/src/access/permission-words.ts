import type { Permission, Role } from '@patchbay/contracts/permissions';

interface PermissionGroup {
  title: string;
  permissions: readonly (readonly [Permission, string])[];
}

/** What each permission lets somebody do, grouped as somebody would look for it. */
export const PERMISSION_GROUPS: readonly PermissionGroup[] = [
  {
    title: 'Calls',
    permissions: [
      ['calls:read', 'read calls, their transcripts and traces'],
      ['calls:act', 'act in calls as an edge over HTTP'],
      ['telemetry:write', 'send spans of edges'],
    ],
  },
  {
    title: 'Agents and tools',
    permissions: [
      ['agents:read', 'see agents and their versions'],
      ['agents:write', 'write agents and versions'],
      ['agents:deploy', 'deploy a version to real calls'],
      ['tools:read', 'see tools'],
      ['tools:write', 'write tools'],
    ],
  },
  {
    title: 'Connections and webhooks',
    permissions: [
      ['connections:read', 'see connections and their health, never their secrets'],
      ['connections:write', 'create, rotate, disable and delete connections'],
      ['webhooks:read', 'see webhooks and their deliveries'],
      ['webhooks:write', 'create webhooks'],
    ],
  },
  {
    title: 'Access',
    permissions: [
      ['people:read', 'see people and their roles'],
      ['people:write', 'invite and remove people'],
      ['keys:read', 'see API keys, never the keys themselves'],
      ['keys:write', 'create, rotate and revoke API keys'],
      ['edges:read', 'see edges'],
      ['edges:write', 'create, renew and revoke edges'],
      ['audit:read', 'read and export the audit log'],
    ],
  },
  { title: 'The installation', permissions: [['organizations:create', 'create organizations']] },
];

export const ROLES: readonly (readonly [Role, string])[] = [
  ['owner', 'owner: everything, people and keys too'],
  ['builder', 'builder: agents, tools and connections'],
  ['operator', 'operator: connections, edges, webhooks and the audit log'],
  ['viewer', 'viewer: looks, changes nothing'],
];
