import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A living runner; its lease is measured by the database's clock. */
@Entity('runners')
export class RunnerTable {
  @PrimaryColumn('text') runner_id!: string;
  @Column('timestamptz') lease_until!: Date;
  /** How often it was swept since its lease ran out. */
  @Column('integer') sweeps!: number;
}
