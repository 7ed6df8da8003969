import type { ConnectionCheck, ConnectionSettings } from '@patchbay/contracts/connection-kinds';
import type { Connection, Health, Lifecycle, SecretSlot } from '@patchbay/contracts/connections';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('connections')
export class ConnectionTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') connection_id!: string;
  @Column('text') name!: string;
  @Column('text') provider!: string;
  @Column('text') kind!: Connection['kind'];
  @Column('boolean') sandbox!: boolean;
  @Column('boolean') is_default!: boolean;
  @Column('jsonb') settings!: ConnectionSettings;
  @Column('jsonb', { nullable: true }) check_call!: ConnectionCheck | null;
  @Column('text', { array: true }) origins!: string[];
  @Column('timestamptz') created_at!: Date;

  @Column('integer') version!: number;
  @Column('text') hint!: string;
  @Column('timestamptz') version_since!: Date;
  @Column('integer') last_version!: number;
  @Column('jsonb') slots!: SecretSlot[];
  @Column('timestamptz', { nullable: true }) slots_end_at!: Date | null;

  @Column('text') lifecycle!: Lifecycle;
  @Column('text', { nullable: true }) deleted_from!: Lifecycle | null;
  @Column('timestamptz', { nullable: true }) undelete_until!: Date | null;
  @Column('timestamptz', { nullable: true }) destroyed_at!: Date | null;

  @Column('text') health!: Health;
  @Column('jsonb', { nullable: true }) reason!: Connection['reason'];
  @Column('text', { array: true, nullable: true }) granted_scopes!: string[] | null;
  @Column('timestamptz', { nullable: true }) refused_at!: Date | null;
  @Column('timestamptz', { nullable: true }) last_checked_at!: Date | null;
  @Column('timestamptz', { nullable: true }) next_check_at!: Date | null;
  @Column('timestamptz', { nullable: true }) last_used_at!: Date | null;
  @Column('timestamptz', { nullable: true }) last_refreshed_at!: Date | null;
  @Column('timestamptz', { nullable: true }) next_refresh_at!: Date | null;
  @Column('timestamptz', { nullable: true }) expires_at!: Date | null;

  /** What the runner is told of it is not in the feed yet. */
  @Column('boolean') unpublished!: boolean;
}
