import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('sessions')
export class SessionTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') session_id!: string;
  @Column('text') edge_id!: string;
  @Column('text') agent_id!: string;
  @Column('text') agent_name!: string;
  @Column('text') version_id!: string;
  @Column('text') channel!: 'phone' | 'web' | 'test';
  @Column('text') direction!: string;
  @Column('text', { nullable: true }) caller_number!: string | null;
  @Column('text', { nullable: true }) called_number!: string | null;
  @Column('text', { nullable: true }) edge_call_id!: string | null;
  @Column('jsonb') variables!: Record<string, unknown>;
  @Column('integer') max_duration_ms!: number;
  @Column('text') state!: 'live' | 'ended';
  @Column('timestamptz') started_at!: Date;
  @Column('timestamptz', { nullable: true }) ended_at!: Date | null;
  @Column('text', { nullable: true }) end_reason!: string | null;
}
