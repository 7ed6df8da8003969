import { newConnection, type NewConnection, type StoredConnection } from '../src/domain/connection.ts';

const MADE: NewConnection = {
  organizationId: 'org_1',
  connectionId: 'conn_1',
  name: 'Calendar',
  provider: 'calcom',
  kind: 'bearer',
  sandbox: false,
  isDefault: false,
  settings: {},
  check: null,
  origins: [],
  hint: '',
  lifecycle: 'active',
};

/** As it is right after it was made. */
export function aConnection(madeAt: Date, more: Partial<NewConnection> = {}): StoredConnection {
  return newConnection({ ...MADE, ...more }, madeAt);
}
