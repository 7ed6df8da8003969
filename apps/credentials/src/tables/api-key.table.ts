import type { ApiCaller } from '@patchbay/contracts/access';
import type { Permission } from '@patchbay/contracts/permissions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('api_keys')
export class ApiKeyTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') api_key_id!: string;
  @Column('bytea') hash!: Buffer;
  /** What the release before knows of a key's permissions. */
  @Column('text') role!: ApiCaller['role'];
  @Column('text') name!: string;
  @Column('text', { array: true }) permissions!: Permission[];
  @Column('timestamptz') created_at!: Date;
  @Column('timestamptz', { nullable: true }) expires_at!: Date | null;
  @Column('timestamptz', { nullable: true }) last_used_at!: Date | null;
  @Column('timestamptz', { nullable: true }) revoked_at!: Date | null;
  @Column('text', { nullable: true }) replaces!: string | null;
}
