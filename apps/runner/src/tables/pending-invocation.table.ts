import type { EffectClass } from '@patchbay/contracts/outcome';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InvocationFacts } from './invocation.table.ts';

/** What a provider is asked with whether something that was started has ended: values for the placeholders of the question's URL. */
export interface StartedPoll {
  values: Record<string, unknown>;
}

/**
 * Invocations whose caller was told `pending`, and who runs them: whatever becomes of that runner, another can end them. They stay here when
 * they have ended, until the day is dropped.
 */
@Entity('pending_invocations')
export class PendingInvocationTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') invocation_id!: string;
  @Column('text') runner_id!: string;
  @Column('text') session_id!: string;
  @Column('text') turn_id!: string;
  @Column('text') edge_id!: string;
  @Column('text') tool_call_id!: string;
  @Column('text') function!: string;
  @Column('text') effect!: EffectClass;
  @Column('text') version_id!: string;
  @Column('jsonb') arguments!: Record<string, unknown>;
  @Column('jsonb') facts!: InvocationFacts;
  @Column('text') trace_id!: string;
  @Column('timestamptz') received_at!: Date;
  @Column('integer') generation!: number;
  /** Of a write. */
  @Column('text', { nullable: true }) intent_id!: string | null;
  /** Null until something was started that the provider is asked about. */
  @Column('jsonb', { nullable: true }) poll!: StartedPoll | null;
  @Column('timestamptz', { nullable: true }) poll_until!: Date | null;
}
