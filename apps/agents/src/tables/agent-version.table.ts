import type { AgentSnapshot, AgentVersion } from '@patchbay/contracts/agents';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('agent_versions')
export class AgentVersionTable {
  @PrimaryColumn('text') org_id!: string;
  @PrimaryColumn('text') version_id!: string;
  @Column('text') agent_id!: string;
  @Column('integer') number!: number;
  @Column('text') state!: AgentVersion['state'];
  @Column('text') instructions!: string;
  @Column('json') functions!: AgentVersion['functions'];
  @Column('json') speech!: AgentVersion['speech'];
  @Column('integer') turn_budget_ms!: number;
  @Column('integer') max_duration_ms!: number;
  @Column('json') inactivity!: AgentVersion['inactivity'];
  @Column('json', { nullable: true }) snapshot!: AgentSnapshot | null;
  @Column('timestamptz', { nullable: true }) published_at!: Date | null;
  @Column('timestamptz') created_at!: Date;
}
