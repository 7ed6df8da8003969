import type { EffectClass } from '@patchbay/contracts/outcome';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InvocationFacts } from './invocation.table.ts';

/** The ledger: what was meant to happen, committed before a byte was sent. Columns in the order of the migration: batches are inserted by position. */
@Entity('intents')
export class IntentTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') session_id!: string;
  @PrimaryColumn('text') function!: string;
  @PrimaryColumn('text') arguments_hash!: string;
  @PrimaryColumn('integer') epoch!: number;
  @Column('text') intent_id!: string;
  @Column('integer') generation!: number;
  /** The invocation that carries it out; the others repeated it. */
  @Column('text') invocation_id!: string;
  @Column('text') runner_id!: string;
  @Column('text', { nullable: true }) idempotency_key!: string | null;
  @Column('text') edge_id!: string;
  @Column('text') turn_id!: string;
  @Column('text') tool_call_id!: string;
  @Column('text') effect!: EffectClass;
  @Column('text') version_id!: string;
  @Column('jsonb') arguments!: Record<string, unknown>;
  @Column('jsonb', { nullable: true }) facts!: InvocationFacts | null;
  @Column('text') trace_id!: string;
  @Column('timestamptz') received_at!: Date;
  @Column('timestamptz') committed_at!: Date;
}
