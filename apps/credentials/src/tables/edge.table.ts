import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('edges')
export class EdgeTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') edge_id!: string;
  @Column('text') name!: string;
  /** Of its newest credentials. */
  @Column('text') nats_public_key!: string;
  @Column('timestamptz') created_at!: Date;
  /** When its newest credentials end. */
  @Column('timestamptz', { nullable: true }) expires_at!: Date | null;
  @Column('timestamptz', { nullable: true }) revoked_at!: Date | null;
}
