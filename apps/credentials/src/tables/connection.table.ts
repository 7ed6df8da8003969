import type { Connection } from '@patchbay/contracts/credentials';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('connections')
export class ConnectionTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') connection_id!: string;
  @Column('text') name!: string;
  @Column('text') provider!: string;
  @Column('text') kind!: Connection['kind'];
  @Column('text') hint!: string;
  @Column('boolean') sandbox!: boolean;
  @Column('integer') version!: number;
  @Column('timestamptz') created_at!: Date;
}
