import { ROLE_PERMISSIONS } from '@patchbay/contracts/permissions';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys made before may do what they could: all inside their organization, and an operator's also make organizations. The default keeps that
 * true for a key that a process of the release before makes meanwhile.
 */
export class ScopedApiKeys1768300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const all = ROLE_PERMISSIONS.owner.join(',');
    await runner.query(`
      alter table api_keys
        add column name text not null default 'first key',
        add column permissions text[] not null default '{${all}}',
        add column expires_at timestamptz,
        add column last_used_at timestamptz,
        add column revoked_at timestamptz,
        add column replaces text collate "C";
      update api_keys set permissions = array['organizations:create'] || permissions where role = 'operator';
      create index api_keys_org_id_name on api_keys (org_id, name);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index api_keys_org_id_name;
      alter table api_keys
        drop column name, drop column permissions, drop column expires_at, drop column last_used_at, drop column revoked_at, drop column replaces;
    `);
  }
}
