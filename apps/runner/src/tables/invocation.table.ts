import type { EffectClass } from '@patchbay/contracts/outcome';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InvocationState } from '../domain/state.ts';
import type { Verdict } from '../domain/verdict.ts';

/** Columns in the order of the migration: batches are inserted by position. */
@Entity('invocations')
export class InvocationTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') invocation_id!: string;
  @Column('text') session_id!: string;
  @Column('text') turn_id!: string;
  @Column('text') edge_id!: string;
  @Column('text') tool_call_id!: string;
  @Column('text') function!: string;
  @Column('text') effect!: EffectClass;
  @Column('text') version_id!: string;
  @Column('jsonb') arguments!: Record<string, unknown>;
  @Column('text') status!: InvocationState;
  @Column('jsonb', { nullable: true }) verdict!: Verdict | null;
  @Column('text') trace_id!: string;
  @Column('timestamptz') received_at!: Date;
  @Column('double precision', { nullable: true }) duration_ms!: number | null;
  /** The attempt that may settle this row; who holds an older number comes too late. */
  @Column('integer') attempt!: number;
}
