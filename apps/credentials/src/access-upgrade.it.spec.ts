import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PERMISSIONS, ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import { createTestDatabase, type TestDatabase } from '@patchbay/testing/test-database';
import { DataSource, type MigrationInterface } from 'typeorm';
import { InitialCredentials1764000000000 } from './tables/migrations/1764000000000-initial-credentials.ts';
import { EdgeCredentials1768320000000 } from './tables/migrations/1768320000000-edge-credentials.ts';
import { ScopedApiKeys1768300000000 } from './tables/migrations/1768300000000-scoped-api-keys.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('credentials');
});
afterAll(() => database.drop());

async function migrate(...migrations: (new () => MigrationInterface)[]): Promise<void> {
  const source = await new DataSource({ type: 'postgres', url: database.migrationUrl, migrations }).initialize();
  await source.runMigrations();
  await source.destroy();
}

it('the release before is upgraded: keys may do what they could, and edges keep their key pair, also those made meanwhile', async () => {
  const insertKey = (id: string, role: string) =>
    database.query(`insert into api_keys (org_id, api_key_id, hash, role, created_at) values ('org_a', $1, 'x', $2, now())`, [id, role]);
  await migrate(InitialCredentials1764000000000);
  await database.query(`insert into organizations values ('org_a', 'Clinic', now())`);
  await insertKey('key_operator', 'operator');
  await insertKey('key_member', 'member');
  await database.query(`insert into edges values ('org_a', 'edge_a', 'Front desk', 'UABC', now())`);

  await migrate(InitialCredentials1764000000000, ScopedApiKeys1768300000000, EdgeCredentials1768320000000);
  await insertKey('key_meanwhile', 'member');

  const keys = await database.query<{ api_key_id: string; permissions: string[] }>('select api_key_id, permissions from api_keys');
  expect(Object.fromEntries(keys.map(({ api_key_id, permissions }) => [api_key_id, permissions.toSorted()]))).toEqual({
    key_operator: PERMISSIONS.toSorted(),
    key_member: ROLE_PERMISSIONS.owner.toSorted(),
    key_meanwhile: ROLE_PERMISSIONS.owner.toSorted(),
  });
  expect(await database.query('select edge_id, public_key, expires_at, revoked_at from edge_credentials')).toEqual([
    { edge_id: 'edge_a', public_key: 'UABC', expires_at: null, revoked_at: null },
  ]);
});
