import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('claims')
export class ClaimTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') session_id!: string;
  @PrimaryColumn('text') turn_id!: string;
  /** Place among the claims of its turn. */
  @PrimaryColumn('integer') ordinal!: number;
  @Column('text') claim_id!: string;
  @Column('text') claim!: string;
  @Column('text') effect!: string;
  @Column('text') hint!: string;
  @Column('text') trace_id!: string;
  @Column('timestamptz') noticed_at!: Date;
}
