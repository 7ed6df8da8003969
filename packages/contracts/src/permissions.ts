import { z } from 'zod';

/** What a caller of the REST API may do; each route names the one it needs. `organizations:create` is the installation's, not an organization's. */
export const PERMISSIONS = [
  'organizations:create',
  'people:read',
  'people:write',
  'keys:read',
  'keys:write',
  'edges:read',
  'edges:write',
  'connections:read',
  'connections:write',
  'tools:read',
  'tools:write',
  'agents:read',
  'agents:write',
  'agents:deploy',
  'calls:read',
  'calls:act',
  'webhooks:read',
  'webhooks:write',
  'telemetry:write',
  'audit:read',
] as const;
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

/** What a person is in an organization. */
export const Role = z.enum(['owner', 'builder', 'operator', 'viewer']);
export type Role = z.infer<typeof Role>;

const SEES: Permission[] = ['edges:read', 'connections:read', 'tools:read', 'agents:read', 'calls:read', 'webhooks:read'];

/** One role, one row. Nobody inside an organization may make another one. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS.filter((permission) => permission !== 'organizations:create'),
  builder: [...SEES, 'connections:write', 'tools:write', 'agents:write', 'agents:deploy', 'calls:act'],
  operator: [...SEES, 'edges:write', 'connections:write', 'webhooks:write', 'calls:act', 'telemetry:write', 'audit:read'],
  viewer: SEES,
};
