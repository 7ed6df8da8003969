import type { Attempt } from '@patchbay/contracts/runner';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Columns in the order of the migration: batches are inserted by position. */
@Entity('attempts')
export class AttemptTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') invocation_id!: string;
  @PrimaryColumn('integer') attempt!: number;
  @Column('timestamptz') started_at!: Date;
  @Column('jsonb') evidence!: Attempt;
}
