import type { ArgumentOrigin } from '@patchbay/contracts/action';
import type { EffectClass, InvocationStatus } from '@patchbay/contracts/outcome';
import type { ConsentEvidence, Decision, Seal } from '@patchbay/contracts/runner';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Verdict } from '../domain/verdict.ts';

/** Whether it is intact is found out when it is read. */
export type StoredSeal = Omit<Seal, 'intact'>;

/** What is kept of an invocation beside its outcome. */
export interface InvocationFacts {
  intentId: string | null;
  decisions: Decision[];
  origins: Record<string, ArgumentOrigin>;
  consent: ConsentEvidence | null;
  /** The invocation whose outcome this one was answered with. */
  replayOf: string | null;
  seal: StoredSeal | null;
  /** The arguments as people may see them, where the schema marks some as personal. */
  shownArguments?: Record<string, unknown>;
  /** What a verification or a late answer has told since: the verdict it replaced, and the link of its own. */
  learnt?: { before: Verdict | null; seal: StoredSeal };
  /** Looks that were taken at an `unknown` write. */
  looks?: number;
}

/**
 * Invocations that have ended; the primary key makes sure that each ends once. A write that is under way is in `intents` only.
 * Columns in the order of the migrations: batches are inserted by position.
 */
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
  @Column('text') status!: InvocationStatus;
  @Column('jsonb', { nullable: true }) verdict!: Verdict | null;
  @Column('text') trace_id!: string;
  @Column('timestamptz') received_at!: Date;
  @Column('double precision', { nullable: true }) duration_ms!: number | null;
  /** Which try at its intent this was. */
  @Column('integer') attempt!: number;
  @Column('jsonb', { nullable: true }) facts!: InvocationFacts | null;
  /** When an `unknown` write is looked at next; null when it is not. */
  @Column('timestamptz', { nullable: true }) verify_at!: Date | null;
  /** When its end was stored, by the database's clock. */
  @Column('timestamptz') stored_at!: Date;
}
