import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('turns')
export class TurnTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') session_id!: string;
  @PrimaryColumn('text') turn_id!: string;
  @Column('integer') index!: number;
  @Column('text') role!: 'caller' | 'agent';
  @Column('text') text!: string;
  @Column('timestamptz') started_at!: Date;
  @Column('timestamptz') ended_at!: Date;
  @Column('boolean') interrupted!: boolean;
  @Column('jsonb', { nullable: true }) timings!: Record<string, number> | null;
  @Column('text') trace_id!: string;
  @Column('timestamptz') received_at!: Date;
  /** Grows in the order of recording; a bigint, which pg gives as text. */
  @Column('bigint') position!: string;
  @Column('integer') reports!: number;
}
