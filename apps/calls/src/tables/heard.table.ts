import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('heard')
export class HeardTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') session_id!: string;
  @PrimaryColumn('text') invocation_id!: string;
  @Column('text') turn_id!: string;
  @Column('text') heard!: 'full' | 'partly' | 'none';
  @Column('timestamptz') received_at!: Date;
}
