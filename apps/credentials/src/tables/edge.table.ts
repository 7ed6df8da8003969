import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('edges')
export class EdgeTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') edge_id!: string;
  @Column('text') name!: string;
  @Column('text') nats_public_key!: string;
  @Column('timestamptz') created_at!: Date;
}
